#pragma once

#include <string>

#include "architecture/architecture.hpp"
#include "architecture/model_card.hpp"
#include "search/job/job.hpp"

namespace gensynth::result {

/// The model card of a search's winner as a Markdown page: what it is, its data, how an image is prepared, its figures
/// with their provenance, how to use the files, limits and licence.
std::string model_readme(const Architecture& network, const ModelCard& card, const job::Job& job);

}  // namespace gensynth::result
