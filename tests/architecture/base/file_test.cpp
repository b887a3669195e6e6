#include "architecture/base/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "tests/architecture/failure.hpp"

namespace gensynth {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "gensynth-file-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Files() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  std::string at(const std::string& name) const { return folder + "/" + name; }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  std::string folder;
};

TEST_F(Files, AreReplacedOrTheErrorSaysWhyNot) {
  write_file_atomically(at("a.json"), "{\"a\": 1}");
  write_file_atomically(at("a.json"), "{\"a\": 2}");
  EXPECT_EQ(read_json_file(at("a.json"))["a"], 2);
  EXPECT_THAT(failure([] { write_file_atomically("/no/such/folder/file", "x"); }),
              HasSubstr("/no/such/folder/file: cannot be written (open): No such file"));
  fs::create_directory(at("b"));
  EXPECT_THAT(failure([&] { write_file_atomically(at("b"), "x"); }), HasSubstr("/b: cannot be written (rename)"));
  EXPECT_EQ(entries(), 2u);  // no temporary file stays
}

TEST_F(Files, ALinkStaysAndWhatItLeadsToIsReplaced) {
  write_file_atomically(at("target"), "old");
  fs::create_symlink("target", at("link"));
  write_file_atomically(at("link"), "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(read_file(at("target")), "new");
  fs::create_symlink("nowhere", at("dangling"));
  write_file_atomically(at("dangling"), "x");
  EXPECT_EQ(read_file(at("dangling")), "x");
}

TEST_F(Files, PipesAreWrittenToAndNotReplaced) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  const int reader = ::open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  write_file_atomically(at("pipe"), "through");
  char text[16] = {};
  EXPECT_EQ(::read(reader, text, sizeof text), 7);
  EXPECT_STREQ(text, "through");
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(at("pipe")));
}

TEST_F(Files, ReadingSaysWhatIsWrong) {
  const std::string bytes("a\0b\n", 4);
  write_file_atomically(at("bytes"), bytes);
  EXPECT_EQ(read_file(at("bytes")), bytes);
  write_file_atomically(at("empty"), "");
  EXPECT_EQ(read_file(at("empty")), "");
  EXPECT_THAT(failure([&] { read_file(at("none")); }), HasSubstr("/none: cannot be opened: No such file"));
  EXPECT_THAT(failure([&] { read_file(folder); }), HasSubstr(": is a folder, expected a file"));
}

}  // namespace
}  // namespace gensynth
