#pragma once

#include <vector>

#include "inquisitor/inquisitor.hpp"

namespace gensynth::strategy {

/// At most `count` distinct genotypes of the highest acquisition value that are not in the history, worst first, so
/// that the best is taken from the back.
std::vector<space::Genotype> best_by_acquisition(const std::vector<surrogate::CandidatePrediction>& predictions,
                                                 const surrogate::ObservationHistory& history, std::size_t count);
/// The same by expected hypervolume improvement, without candidates whose value is 0.
std::vector<space::Genotype> best_by_hypervolume_improvement(
    const std::vector<surrogate::CandidatePrediction>& predictions, const surrogate::ObservationHistory& history,
    std::size_t count);
/// Removes and returns the last element of a list that is not empty.
space::Genotype take_last(std::vector<space::Genotype>& genotypes);

}  // namespace gensynth::strategy
