"""Stories: items that report one event, joined as they arrive.

A fresh item looks up the stored items that share its weightiest words, and joins the story among theirs that it most probably
belongs to, when that is probable enough; what makes it probable was learned from labelled stories. Afterwards stories that turn
out to be one are put together, and items that turn out not to belong are taken out.
"""

from newsloom.stages.cluster.clusterer import StreamClusterer
from newsloom.stages.cluster.options import ClusterOptions

__all__ = ["ClusterOptions", "StreamClusterer"]
