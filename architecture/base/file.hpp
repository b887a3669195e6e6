#pragma once

#include <string>
#include <string_view>

namespace gensynth {

/// Returns the bytes of a file. Throws Error naming the file and the reason: it is a folder, does not exist, or may not
/// be read.
std::string read_file(const std::string& path);

/// Writes to a temporary file beside `path`, flushes and renames it: a reader never sees half a file, and an existing
/// file is kept when anything fails. A symbolic link is followed: its target is replaced, not the link. Devices and
/// pipes (/dev/stdout, /dev/null) are written to directly. Throws Error naming `path`.
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace gensynth
