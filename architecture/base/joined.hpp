#pragma once

#include <string>

namespace gensynth {

/// "a, b, c": for messages that list what there is.
template <class Words>
std::string joined(const Words& words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace gensynth
