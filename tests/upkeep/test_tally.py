"""Rows are counted in dumps as the two kinds of servers write them."""

import random

from clearinghouse.upkeep.tally import tally

MARIADB = r"""
DROP TABLE IF EXISTS `wp_posts`;
CREATE TABLE `wp_posts` (
  `id` int(11) NOT NULL
);
LOCK TABLES `wp_posts` WRITE;
INSERT INTO `wp_posts` VALUES
(1,'Forêts; and (2,3),'),
(2,'It\'s\nINSERT INTO `x` VALUES'),
(3,NULL);
INSERT INTO `wp_posts` VALUES
(4,'a second statement of the same table');
UNLOCK TABLES;
INSERT INTO `wp_options` (`id`, `name`) VALUES
(1,'siteurl');
"""
POSTGRESQL = r"""
CREATE TABLE public.pages (id integer, title text);
COPY public.pages (id, title) FROM stdin;
1	Forêts
2	\\N and \\. within
3	\N
\.
COPY public.empty (id) FROM stdin;
\.
"""


def test_each_row_of_a_mariadb_dump_is_counted() -> None:
    found = tally(MARIADB.encode().splitlines(keepends=True))
    assert {table: rows.count for table, rows in found.items()} == {"wp_posts": 4, "wp_options": 1}


def test_each_row_of_a_postgresql_dump_is_counted() -> None:
    found = tally(POSTGRESQL.encode().splitlines(keepends=True))
    assert {table: rows.count for table, rows in found.items()} == {"public.pages": 3}


def test_the_order_of_rows_does_not_count_and_each_byte_does() -> None:
    rows = [b"%d\tpage %d\n" % (number, number) for number in range(50)]
    begin, end = b"COPY public.pages (id, title) FROM stdin;\n", b"\\.\n"
    whole = tally([begin, *rows, end])
    random.Random(7).shuffle(rows)
    assert tally([begin, *rows, end]) == whole
    rows[10] = rows[10].replace(b"page", b"pagE")
    changed = tally([begin, *rows, end])
    assert changed["public.pages"].count == 50
    assert changed != whole


def test_a_row_that_is_there_twice_is_not_one_that_is_there_never() -> None:
    begin, end = b"COPY t (id) FROM stdin;\n", b"\\.\n"
    assert tally([begin, b"1\n", b"1\n", end]) != tally([begin, b"2\n", b"2\n", end])
