"""What the templates of the standard site get: site_templates/standard says what each value is for."""
