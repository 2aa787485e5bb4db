"""Hosts the national clearing-house websites of partner countries."""
