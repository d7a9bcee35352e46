"""Tests of the portal on one machine: its servers, its mail catcher, its mailbox."""
