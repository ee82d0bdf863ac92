"""The words of the project: frozen values, one file for each word, no behaviour beyond themselves."""
