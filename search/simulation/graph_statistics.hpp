#pragma once

#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::simulation {

/// Statistics of a network's graph of which the inquisitor uses none: it has totals and counts of operators, numbers of
/// layers on paths, motifs and decisions. A surrogate objective that is learned from these has no view in common with
/// the model that a strategy learns.
///
/// - the spectrum of the normalised Laplacian (Chung 1997) of the undirected graph, as a histogram and by its second
///   smallest eigenvalue
/// - a random walk from the input that takes each outgoing edge with equal probability: probabilities of the kinds of
///   operators that it visits, mean width by resolution, growth of width, receptive field, share of weights that it
///   meets
/// - layers by the longest distance from the input: their number, widest, entropy; shortest distance to the output
/// - degrees, and the vertices that every walk passes: how many, and the narrowest
///
/// Equal for isomorphic graphs up to rounding. Takes time cubic in the number of vertices.
std::vector<float> graph_statistics(const Architecture& architecture);

}  // namespace gensynth::simulation
