#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gensynth::data::test {

/// A folder of this test's own, which is removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

using Bytes = std::vector<std::uint8_t>;

/// A JPEG of one colour with a pattern that depends on `number`.
Bytes sample_jpeg(int width, int height, int number, bool grey = false);
/// A JPEG of one RGB colour.
Bytes plain_jpeg(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b);

void write_file(const std::string& path, const Bytes& bytes);  ///< makes the folders it lies in
Bytes read_file(const std::string& path);

/// A tar archive, compressed as its name says (.tar, .tar.gz, .tar.xz).
void write_archive(const std::string& path, const std::vector<std::pair<std::string, Bytes>>& members);

/// train/ with `training` and val/ with `validation` images of each of `classes` classes named class_0 ...
std::vector<std::pair<std::string, Bytes>> sample_members(int classes, int training, int validation);

/// The message of the gensynth::Error that `call` throws; "" if it throws none.
template <typename Call>
std::string message_of(const Call& call);

}  // namespace gensynth::data::test

#include "architecture/base/error.hpp"

template <typename Call>
std::string gensynth::data::test::message_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
