#pragma once

#include <string>
#include <vector>

#include "runtime/data/source.hpp"

namespace gensynth::data {

/// The images of a source that a specification takes, with their labels.
struct Selection {
  std::vector<std::string> class_names;
  std::vector<Entry> entries;  ///< validation first, then training; by class, then member
  std::vector<int> labels;
  Contents contents;  ///< what the listing shows: classes, what was ignored, what is beyond "images"
};

/// Throws Error when there are fewer than two classes or fewer than requested, for a class name that is no valid UTF-8,
/// and, unless a number of classes is requested, for validation classes that training lacks.
Selection select(const Source& source, const DataSpec& spec);

}  // namespace gensynth::data
