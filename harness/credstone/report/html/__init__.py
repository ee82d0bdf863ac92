"""The report as one HTML file, for a browser without a network: a matrix of pages and targets, and the way down to a cell.

``view`` modules say what stands where, in plain values; ``templates`` give it its tags; ``data`` is what the script draws
cells from.  What people need most, the matrix and the failures, stands in the page itself and needs no script.
"""

from credstone.report.html.render import render_html

__all__ = ["render_html"]
