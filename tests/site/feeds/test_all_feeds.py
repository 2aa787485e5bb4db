"""All files together."""

from clearinghouse.site.feeds import outputs
from tests.site.feeds.samples import a_content, a_publication, all_entries


def test_no_file_is_made_twice_and_no_path_leaves_the_site() -> None:
    paths = [path for path, _ in outputs(a_publication())]
    assert len(set(paths)) == len(paths)
    assert not [path for path in paths if path.startswith("/") or ".." in path]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert list(outputs(a_publication())) == list(outputs(a_publication(dict(all_entries()))))


def test_the_order_of_languages_and_files_within_a_text_does_not_matter() -> None:
    turned = a_content().site.model_copy(update={"slogan": {"en": "Together", "fr": "Ensemble"}})
    assert list(outputs(a_publication(site=turned))) == list(outputs(a_publication()))


def test_a_site_without_records_still_has_its_feeds() -> None:
    assert [path for path, _ in outputs(a_publication({}))] == ["fr/atom.xml", "en/atom.xml", "ar/atom.xml"]
