#pragma once

#include <string>
#include <string_view>

namespace gensynth {

/// The bytes of a file. Throws Error naming it and why it cannot be read: a folder, no permission, not there.
std::string read_file(const std::string& path);

/// Writes to a temporary file beside `path`, flushes and renames: a reader never sees half a file, and what was there
/// stays when anything fails. A symbolic link stays, and what it leads to is replaced; devices and pipes
/// (/dev/stdout, /dev/null) are written to as they are.
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace gensynth
