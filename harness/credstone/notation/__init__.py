"""The notation of scripts: its grammar, its reader, its diagnostics, its printer."""
