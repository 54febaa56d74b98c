"""What kernels of rows promise for infinite and undefined logits (tested once for all of them)."""

ROW = {
    "NaN anywhere": "NaN",
    "+inf anywhere": "NaN: the logits have overflowed already",
    "-inf at another class": "weight 0, gradient 0",
    "-inf at every other class": "the limit where the true class is certain, gradient 0",
    "-inf at the true class": "the limit where its probability is 0",
    "-inf everywhere": "NaN",
}
ABSENT = {
    "NaN anywhere": "NaN",
    "+inf anywhere": "NaN",
    "-inf at another class": "that class has no part",
    "-inf everywhere": "NaN",
}
ELEMENTWISE = {"NaN": "NaN", "-inf, +inf": "the limits of the loss"}
