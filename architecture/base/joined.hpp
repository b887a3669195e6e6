#pragma once

#include <string>

namespace gensynth {

/// Joins words for messages that list the known names: "a, b, c".
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
