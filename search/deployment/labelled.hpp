#pragma once

#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/evaluation/classification.hpp"
#include "search/deployment/classifier.hpp"

namespace gensynth::deployment {

/// The split of a data set that is evaluated, and its images.
struct Chosen {
  std::string name;
  std::vector<int> images;
};

/// `split` and `own_images` as in companion::EvaluateRequest. Throws Error when there are no such images.
Chosen choose_images(const data::Dataset& data, const std::string& split, bool own_images);

/// The answers for these images. Classes are matched by name where the classifier has names. Throws Error naming
/// `network` where they do not match, or where their numbers differ. Adds what was assumed to `notes`.
evaluation::Classification classify(Classifier& classifier, const data::Dataset& data, const Chosen& chosen,
                                    const std::string& network, std::vector<std::string>& notes);

}  // namespace gensynth::deployment
