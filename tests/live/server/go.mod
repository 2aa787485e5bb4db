module clearinghouse.invalid/tests/live/server

go 1.26
