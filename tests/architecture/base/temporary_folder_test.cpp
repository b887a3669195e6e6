#include "architecture/base/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolder, IsItsOwnAndGoesWithAllThatIsInIt) {
  std::string inside;
  {
    const TemporaryFolder one("test");
    const TemporaryFolder other("test");
    EXPECT_NE(one.file("x"), other.file("x"));
    inside = one.file("x");
    std::ofstream(inside) << "content";
    fs::create_directories(one.file("folder/deeper"));
    EXPECT_TRUE(fs::exists(inside));
  }
  EXPECT_FALSE(fs::exists(fs::path(inside).parent_path()));
}

TEST(TemporaryFolder, SaysWhenItCannotBeMade) { EXPECT_THROW(TemporaryFolder("no/such/folder"), Error); }

}  // namespace
}  // namespace gensynth
