"""A partner's pictures: what browsers get of them."""

import contextlib
import io
import random
import struct
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageFilter

from clearinghouse.errors import Trouble
from clearinghouse.site.pictures import Variants, variants


def a_photograph(width: int, height: int, seed: int = 1) -> Image.Image:
    noise = Image.frombytes("RGB", (60, 40), random.Random(seed).randbytes(60 * 40 * 3))
    return noise.filter(ImageFilter.GaussianBlur(2)).resize((width, height), Image.Resampling.BICUBIC)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **{"quality": 95, **options})  # type: ignore[arg-type]
    return path


def widths(found: Variants, kind: str) -> list[int]:
    return [file.width for file in found.files if file.type == kind]


def test_a_photograph_comes_in_two_types_and_four_widths_and_as_jpeg(tmp_path: Path) -> None:
    found = variants(saved(tmp_path / "Forêt 1.jpg", a_photograph(1800, 1200)), tmp_path / "cache")
    assert (found.width, found.height) == (1800, 1200)
    assert widths(found, "image/avif") == widths(found, "image/webp") == [320, 640, 960, 1600]
    assert list(found.sources) == ["image/avif", "image/webp"]
    assert (found.fallback.type, found.fallback.width, found.fallback.height) == ("image/jpeg", 960, 640)
    for file in found.files:
        content = file.path.read_bytes()
        assert len(content) == file.size
        with Image.open(io.BytesIO(content)) as image:
            assert (image.size, image.get_format_mimetype()) == ((file.width, file.height), file.type)


def test_names_tell_the_picture_its_content_and_its_width(tmp_path: Path) -> None:
    one = variants(saved(tmp_path / "Forêt 1.jpg", a_photograph(400, 300)), tmp_path / "cache")
    other = variants(saved(tmp_path / "forest.jpg", a_photograph(400, 300, 2)), tmp_path / "cache")
    hashed = one.files[0].name.split("-")[-2]
    assert one.files[0].name == f"forêt-1-{hashed}-320.avif"
    assert len(hashed) == 8
    assert hashed not in other.files[0].name


def test_no_variant_is_wider_than_the_picture(tmp_path: Path) -> None:
    found = variants(saved(tmp_path / "a.jpg", a_photograph(700, 500)), tmp_path / "cache")
    assert widths(found, "image/webp") == [320, 640, 700]
    assert found.fallback.width == 700


def test_a_photograph_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 400, 20))
    found = variants(saved(tmp_path / "a.jpg", image, exif=exif), tmp_path / "cache")
    assert (found.width, found.height) == (200, 400)
    with Image.open(found.fallback.path) as upright:
        red, _, blue = upright.convert("RGB").getpixel((195, 200))  # type: ignore[misc]
    assert red > 200 > 50 > blue


def test_nothing_tells_where_and_with_what_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    source = saved(
        tmp_path / "a.jpg",
        a_photograph(900, 600),
        exif=exif,
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta>SecretPlace</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    assert b"Secret" in source.read_bytes()
    for file in variants(source, tmp_path / "cache").files:
        assert b"Secret" not in file.path.read_bytes()
        with Image.open(file.path) as image:
            assert not dict(image.getexif())
            assert not {"icc_profile", "exif", "xmp", "comment"} & set(image.info)


def test_texts_within_a_png_are_left_out(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "SecretAuthor")
    image = a_photograph(300, 200).convert("RGBA")
    image.putalpha(120)
    found = variants(saved(tmp_path / "a.png", image, pnginfo=notes), tmp_path / "cache")
    assert all(b"Secret" not in file.path.read_bytes() for file in found.files)


def test_a_logo_stays_transparent(tmp_path: Path) -> None:
    logo = a_photograph(500, 500).convert("RGBA")
    logo.paste((0, 0, 0, 0), (0, 0, 250, 500))
    found = variants(saved(tmp_path / "logo.png", logo), tmp_path / "cache")
    assert found.fallback.type == "image/png"
    for file in found.files:
        with Image.open(file.path) as image:
            assert image.convert("RGBA").getpixel((10, 10))[3] == 0  # type: ignore[index]


def test_a_palette_with_one_transparent_colour_stays_transparent(tmp_path: Path) -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    found = variants(saved(tmp_path / "a.gif", image, transparency=0), tmp_path / "cache")
    assert found.fallback.type == "image/png"


def test_variants_heavier_than_the_picture_are_left_out(tmp_path: Path) -> None:
    drawing = Image.new("RGB", (400, 300), "white")
    drawing.paste("green", (50, 50, 150, 150))
    source = saved(tmp_path / "drawing.png", drawing, optimize=True)
    found = variants(source, tmp_path / "cache")
    assert all(file.size < source.stat().st_size for file in found.files[:-1])
    assert found.fallback.type == "image/png"


def test_avif_is_left_out_where_webp_weighs_less(tmp_path: Path) -> None:
    for seed, side in enumerate((16, 40, 80, 200, 600)):
        source = saved(tmp_path / f"{side}.jpg", a_photograph(side, side, seed))
        found = variants(source, tmp_path / "cache").sources
        if len(found) == 2 and len(found["image/avif"]) == len(found["image/webp"]):
            avif, webp = (sum(file.size for file in found[kind]) for kind in ("image/avif", "image/webp"))
            assert avif < webp


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_way_to_keep_colours_can_be_read(mode: str, tmp_path: Path) -> None:
    image = Image.new(mode, (50, 40))
    found = variants(saved(tmp_path / f"a.{'jpg' if mode == 'CMYK' else 'png'}", image), tmp_path / "cache")
    assert found.fallback.width == 50


def test_sixteen_bits_of_grey_keep_their_lightness(tmp_path: Path) -> None:
    found = variants(saved(tmp_path / "a.png", Image.new("I;16", (50, 40), 256 * 60)), tmp_path / "cache")
    with Image.open(found.fallback.path) as image:
        assert 58 <= image.convert("L").getpixel((5, 5)) <= 62  # type: ignore[operator]


def test_a_profile_that_makes_no_sense_is_ignored(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", a_photograph(300, 200), icc_profile=b"nonsense" * 40)
    assert variants(source, tmp_path / "cache").width == 300


def test_a_picture_is_made_once(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", a_photograph(400, 300))
    first = variants(source, tmp_path / "cache")
    times = [file.path.stat().st_mtime_ns for file in first.files]
    assert variants(source, tmp_path / "cache") == first
    assert [file.path.stat().st_mtime_ns for file in first.files] == times
    assert variants(source, tmp_path / "cache", (100,)) != first


def test_a_copy_has_its_own_name_and_the_same_files(tmp_path: Path) -> None:
    one = saved(tmp_path / "a.jpg", a_photograph(400, 300))
    (tmp_path / "b.jpg").write_bytes(one.read_bytes())
    first, second = (variants(tmp_path / name, tmp_path / "cache") for name in ("a.jpg", "b.jpg"))
    assert first.fallback.path == second.fallback.path
    assert (first.fallback.name[0], second.fallback.name[0]) == ("a", "b")


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", a_photograph(700, 500))
    one, other = (variants(source, tmp_path / name) for name in ("one", "other"))
    assert [file.name for file in one.files] == [file.name for file in other.files]
    assert [file.path.read_bytes() for file in one.files] == [file.path.read_bytes() for file in other.files]


def test_several_processes_may_make_the_same(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", a_photograph(400, 300))
    with ProcessPoolExecutor(3) as pool:
        found = [
            each.result() for each in [pool.submit(variants, source, tmp_path / "cache") for _ in range(6)]
        ]
    assert len(set(found)) == 1
    assert [folder.name[:1] for folder in (tmp_path / "cache").iterdir()] != ["."]
    assert len(list((tmp_path / "cache").iterdir())) == 1


def refused(source: Path, tmp_path: Path) -> str:
    with pytest.raises(Trouble) as trouble:
        variants(source, tmp_path / "cache")
    assert str(source) in str(trouble.value)
    assert not list(tmp_path.glob("cache/*"))
    return str(trouble.value)


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    assert "put the picture there" in refused(tmp_path / "a.jpg", tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"II*\0"]
)
def test_what_is_no_picture_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert "save it as JPEG, PNG or WebP" in refused(tmp_path / "a.jpg", tmp_path)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "avif", "gif"])
def test_half_a_picture_is_told(kind: str, tmp_path: Path) -> None:
    source = saved(tmp_path / f"a.{kind}", a_photograph(300, 200))
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert source.name in refused(source, tmp_path)


def a_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def a_png(width: int, height: int, *chunks: bytes) -> bytes:
    head = a_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + a_chunk(b"IDAT", zlib.compress(b"\0" * 100))


@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_not_opened(side: int, tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(a_png(side, side))
    assert "more than 50 million pixels" in refused(tmp_path / "bomb.png", tmp_path)


def test_a_text_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    text = a_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 50_000_000))
    (tmp_path / "bomb.png").write_bytes(a_png(10, 10, text))
    assert "bomb.png" in refused(tmp_path / "bomb.png", tmp_path)


def test_a_picture_like_a_thread_is_refused(tmp_path: Path) -> None:
    assert "higher than" in refused(saved(tmp_path / "a.png", Image.new("RGB", (2, 17_000))), tmp_path)


def test_damaged_pictures_are_told_or_shown_and_nothing_else(tmp_path: Path) -> None:
    dice = random.Random(5)
    for number in range(150):
        kind = ("jpg", "png", "webp", "avif", "gif")[number % 5]
        source = saved(tmp_path / f"a.{kind}", a_photograph(24, 16))
        content = bytearray(source.read_bytes())
        for _ in range(4):
            content[dice.randrange(len(content))] = dice.randrange(256)
        source.write_bytes(content)
        with contextlib.suppress(Trouble):
            assert variants(source, tmp_path / "cache").files
