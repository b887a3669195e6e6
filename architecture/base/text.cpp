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

namespace {

/// The length of the character that `text` begins with, as UTF-8 without overlong forms and surrogates; 0 when it is
/// not valid.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool unassigned = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || unassigned ? 0 : length;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t bytes) {
  constexpr std::string_view kCut = "...";
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool readable = length > 1 || (length == 1 && text[0] >= ' ' && text[0] != 0x7f);
    const std::size_t taken = length == 0 ? 1 : length;
    result += readable ? text.substr(0, taken) : std::string_view("?");
    text.remove_prefix(taken);
    if (result.size() > bytes) break;
  }
  if (result.size() <= bytes) return result;
  std::size_t end = bytes < kCut.size() ? 0 : bytes - kCut.size();
  while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0) == 0x80) --end;
  return result.substr(0, end) + std::string(kCut);
}

bool looks_like_utf16(std::string_view content) {
  if (content.size() < 2) return false;
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff")) return true;
  return (content[0] == '\0') != (content[1] == '\0');
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace gensynth
