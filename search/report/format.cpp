#include "search/report/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gensynth::report {

bool accuracies_differ(double a, double b) { return std::abs(a - b) >= 0.005; }

std::string number_text(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} m {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} m", whole / 3600, whole % 3600 / 60);
}

std::string bytes_text(double bytes) {
  if (bytes >= 1 << 20) return fmt::format("{:.2f} MiB", bytes / (1 << 20));
  return fmt::format("{:.1f} KiB", bytes / 1024);
}

std::string quantity_text(const Quantity& q) {
  std::string text;
  if (q.unit.empty()) {
    text = q.value == std::floor(q.value) ? count_text(q.value) : fmt::format("{:.3g}", q.value);
  } else if (q.unit == "bytes") {
    text = bytes_text(q.value);
  } else {
    text = number_text(q.value) + " " + q.unit;
  }
  if (q.provenance == Provenance::predicted) {
    text += fmt::format(" predicted [{}, {}]", number_text(q.low), number_text(q.high));
    if (q.unmeasured > 0) text += fmt::format(", {:.0f} % of the time in kernels not measured", 100 * q.unmeasured);
    if (!q.in_distribution) text += fmt::format(", out of distribution (distance {:.3g})", q.distance);
  } else if (q.provenance == Provenance::measured) {
    text += " measured";
  }
  return text;
}

std::string joined_text(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > most) text += fmt::format(" and {} more", words.size() - most);
  return text;
}

std::string threads_text(int threads) { return std::to_string(threads) + (threads == 1 ? " thread" : " threads"); }

}  // namespace gensynth::report
