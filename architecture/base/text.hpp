#pragma once

#include <string>
#include <string_view>

namespace gensynth {

/// A count as people write it: "5.48 M", "217 M", "12.3 k", "950".
std::string count_text(double value);

/// A foreign text for a message: at most `bytes` of it, cut between characters and then ended by "...". Bytes that are
/// no valid UTF-8 and control characters become "?".
std::string shortened(std::string_view text, std::size_t bytes);

bool is_utf8(std::string_view text);

/// Whether a file's content is UTF-16: it begins with a byte order mark, or one byte of its first character is zero.
bool looks_like_utf16(std::string_view content);
/// The end of a message for such a file.
inline constexpr const char* kExpectUtf8 =
    "is UTF-16 text; expected UTF-8 (save it so, or convert it by iconv -f UTF-16 -t UTF-8)";

}  // namespace gensynth
