"""What machines read of the standard site: feeds, a calendar, catalogues, records, linked data."""
