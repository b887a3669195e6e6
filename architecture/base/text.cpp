#include "architecture/base/text.hpp"

#include <cmath>
#include <cstdio>

namespace gensynth {

std::string count_text(double value) {
  const double size = std::abs(value);
  char text[40];
  if (size >= 1e9) {
    std::snprintf(text, sizeof text, "%.2f G", value / 1e9);
  } else if (size >= 1e8) {
    std::snprintf(text, sizeof text, "%.0f M", value / 1e6);
  } else if (size >= 1e6) {
    std::snprintf(text, sizeof text, "%.2f M", value / 1e6);
  } else if (size >= 1e4) {
    std::snprintf(text, sizeof text, "%.1f k", value / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.0f", value);
  }
  return text;
}

}  // namespace gensynth
