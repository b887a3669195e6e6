#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/data/dataset.hpp"
#include "tests/runtime/data/test/sample_files.hpp"

// Published data sets, where GENSYNTH_SHARED names a folder that has them under data/; skipped elsewhere.

namespace gensynth::data {
namespace {

using Split = Dataset::Split;

std::string shared(const std::string& name) {
  const char* folder = std::getenv("GENSYNTH_SHARED");
  return folder == nullptr ? "" : std::string(folder) + "/data/" + name;
}

TEST(PublishedData, TinyImageNetHasItsImagesAndItsDuplicates) {
  const std::string path = shared("tiny-imagenet-200");
  if (path.empty() || !std::filesystem::exists(path)) GTEST_SKIP() << "GENSYNTH_SHARED has no tiny-imagenet-200";
  const test::TemporaryFolder folder;
  DataSpec spec;
  spec.kind = DataKind::archive;
  spec.paths = {path + "/train_c000-099.tar.xz", path + "/val.tar.xz"};
  spec.classes = 100;
  spec.px = 32;
  const Dataset data = Dataset::open(spec, folder.path());
  EXPECT_EQ(data.class_names().front(), "n01443537");
  EXPECT_EQ(data.split(Split::train).size() + data.split(Split::holdout).size() +
                static_cast<std::size_t>(data.duplicates_dropped()),
            50'000U);
  EXPECT_GT(data.duplicates_dropped(), 0);
  EXPECT_EQ(data.split(Split::validation).size(), 5'000U);
}

TEST(PublishedData, ImagenetteIsRead) {
  const std::string path = shared("imagenette-224-subset");
  if (path.empty() || !std::filesystem::exists(path)) GTEST_SKIP() << "GENSYNTH_SHARED has no imagenette-224-subset";
  const test::TemporaryFolder folder;
  DataSpec spec;
  spec.kind = DataKind::archive;
  spec.paths = {path};
  const Dataset data = Dataset::open(spec, folder.path());
  EXPECT_EQ(data.classes(), 10);
  EXPECT_EQ(data.split(Split::train).size() + data.split(Split::holdout).size(), 600U);
  EXPECT_EQ(data.split(Split::validation).size(), 750U);
}

}  // namespace
}  // namespace gensynth::data
