"""The standard site: what the partner provides becomes a website. Gather, check, render, write."""
