#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace gensynth::data {

/// Files or folders of a source that are no images of the data, for one reason.
struct Ignored {
  std::string reason;  ///< "hidden files and folders"
  std::int64_t count = 0;
  std::string example;  ///< one of them
};

/// The composition of a data set, and everything that was left out of it.
struct Contents {
  int classes = 0;
  int classes_of_source = 0;  ///< more, where "classes" takes the first only
  std::int64_t train = 0, holdout = 0, validation = 0;
  std::int64_t copies_within_class = 0;  ///< byte-identical to an image of the same class and split that is kept
  std::int64_t copies_across_classes = 0;
  std::int64_t copies_across_splits = 0;  ///< training images that are validation images too
  std::int64_t beyond_limit = 0;          ///< training images of these classes beyond "images" in each
  int classes_without_holdout = 0;        ///< with too few images to hold one out
  std::vector<Ignored> ignored;
  std::vector<std::string> bad_files;  ///< left out by "bad_files": "skip": file and reason
};

/// One line for users: classes, images by split, what was left out and ignored, and why.
std::string to_string(const Contents& contents);
nlohmann::ordered_json to_json(const Contents& contents);
Contents contents_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);

}  // namespace gensynth::data
