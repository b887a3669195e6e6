#include "runtime/data/dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "architecture/base/random.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using Split = Dataset::Split;
constexpr Split kSplits[] = {Split::train, Split::holdout, Split::validation};

struct DatasetTest : testing::Test {
  DatasetTest() {
    spec.kind = DataKind::archive;
    spec.paths = {folder / "data.tar"};
    spec.px = 8;
    spec.classes = 0;
  }
  Dataset open() { return Dataset::open(spec, folder / "cache"); }

  test::TemporaryFolder folder;
  DataSpec spec;
};

TEST_F(DatasetTest, SplitsAreDisjointCompleteAndStratified) {
  test::write_archive(spec.paths[0], test::sample_members(4, 20, 5));
  Rng rng(5);
  for (int repeat = 0; repeat < 30; ++repeat) {
    spec.holdout = 0.9 * uniform01(rng);
    spec.seed = rng();
    const Dataset data = open();
    std::set<int> seen;
    for (const Split split : kSplits) {
      EXPECT_TRUE(std::is_sorted(data.split(split).begin(), data.split(split).end()));
      for (const int image : data.split(split)) EXPECT_TRUE(seen.insert(image).second) << image << " is in two splits";
    }
    EXPECT_EQ(seen.size(), 100U);
    std::map<int, int> held;
    for (const int image : data.split(Split::holdout)) ++held[data.label(image)];
    for (int label = 0; label < 4; ++label) {
      EXPECT_EQ(held[label], std::max(1L, std::lround(spec.holdout * 20))) << "holdout " << spec.holdout;
    }
  }
}

TEST_F(DatasetTest, SeedMovesTheHoldoutButNotTheImages) {
  test::write_archive(spec.paths[0], test::sample_members(3, 20, 2));
  const Dataset first = open();
  EXPECT_EQ(open().split(Split::holdout), first.split(Split::holdout));
  spec.seed = 2;
  const Dataset second = open();
  EXPECT_NE(second.split(Split::holdout), first.split(Split::holdout));
  EXPECT_EQ(second.split(Split::validation), first.split(Split::validation));
  EXPECT_NE(second.id(), first.id());
  int caches = 0;
  for (const auto& item : std::filesystem::directory_iterator(folder / "cache")) {
    caches += item.path().extension() == ".images" ? 1 : 0;
  }
  EXPECT_EQ(caches, 1) << "specs that differ in the split alone share a cache";
}

TEST_F(DatasetTest, HoldoutOfZeroIsEmpty) {
  test::write_archive(spec.paths[0], test::sample_members(2, 5, 0));
  spec.holdout = 0;
  const Dataset data = open();
  EXPECT_TRUE(data.split(Split::holdout).empty());
  EXPECT_TRUE(data.split(Split::validation).empty());
  EXPECT_EQ(data.split(Split::train).size(), 10U);
}

TEST_F(DatasetTest, DropsEqualFilesButTheFirstOfValidationThenTraining) {
  auto members = test::sample_members(2, 4, 2);
  const auto bytes_of = [&](const std::string& name) {
    for (const auto& [other, bytes] : members) {
      if (other == name) return bytes;
    }
    throw std::runtime_error(name);
  };
  members.emplace_back("train/class_1/copy_of_validation.jpg", bytes_of("val/class_0/1.jpg"));
  members.emplace_back("train/class_0/copy_of_training.jpg", bytes_of("train/class_1/2.jpg"));
  members.emplace_back("val/class_1/copy_within.jpg", bytes_of("val/class_1/0.jpg"));
  test::write_archive(spec.paths[0], members);
  spec.holdout = 0;
  const Dataset data = open();
  EXPECT_EQ(data.duplicates_dropped(), 3);
  EXPECT_EQ(data.contents().copies_within_class, 1);
  EXPECT_EQ(data.contents().copies_across_classes, 1);
  EXPECT_EQ(data.contents().copies_across_splits, 1);
  EXPECT_EQ(data.split(Split::validation).size(), 4U);
  std::map<int, int> count;
  for (const int image : data.split(Split::train)) ++count[data.label(image)];
  EXPECT_EQ(count[0], 5);  // keeps the copy: its class comes first
  EXPECT_EQ(count[1], 3);
  std::set<std::vector<std::uint8_t>> pixels;
  for (const Split split : kSplits) {
    for (const int image : data.split(split)) {
      EXPECT_TRUE(pixels.emplace(data.pixels(image), data.pixels(image) + 8 * 8 * 3).second) << image;
    }
  }
}

TEST_F(DatasetTest, MeanAndDeviationAreThoseOfTheTrainingSplit) {
  test::write_archive(spec.paths[0], test::sample_members(3, 10, 5));
  spec.holdout = 0.4;
  const Dataset data = open();
  float mean[3];
  float std[3];
  data.mean_std(mean, std);
  for (int c = 0; c < 3; ++c) {
    std::vector<double> values;
    for (const int image : data.split(Split::train)) {
      for (int i = 0; i < 64; ++i) values.push_back(data.pixels(image)[i * 3 + c] / 255.0);
    }
    double average = 0;
    for (const double value : values) average += value / static_cast<double>(values.size());
    double variance = 0;
    for (const double value : values) variance += std::pow(value - average, 2) / static_cast<double>(values.size());
    EXPECT_NEAR(mean[c], average, 1e-6);
    EXPECT_NEAR(std[c], std::sqrt(variance), 1e-6);
  }
}

TEST_F(DatasetTest, IdNamesSourceClassesSizeAndSplit) {
  test::write_archive(spec.paths[0], test::sample_members(3, 4, 1));
  EXPECT_THAT(open().id(), testing::AllOf(testing::HasSubstr("archive"), testing::HasSubstr("data.tar"),
                                          testing::HasSubstr("3 classes"), testing::HasSubstr("8 px"),
                                          testing::HasSubstr("holdout 0.1"), testing::HasSubstr("seed 1")));
}

TEST_F(DatasetTest, RefusesSpecsOutOfRange) {
  test::write_archive(spec.paths[0], test::sample_members(2, 4, 1));
  const auto refusal = [&](auto change) {
    DataSpec changed = spec;
    change(changed);
    return test::message_of([&] { Dataset::open(changed, folder / "cache"); });
  };
  EXPECT_THAT(refusal([](DataSpec& s) { s.px = 2; }), testing::HasSubstr("px is 2"));
  EXPECT_THAT(refusal([](DataSpec& s) { s.classes = 1; }), testing::HasSubstr("classes is 1"));
  EXPECT_THAT(refusal([](DataSpec& s) { s.images = -2; }), testing::HasSubstr("images is -2"));
  EXPECT_THAT(refusal([](DataSpec& s) { s.holdout = std::nan(""); }), testing::HasSubstr("holdout"));
}

TEST_F(DatasetTest, ContentsAreThoseOfTheCacheToo) {
  auto members = test::sample_members(3, 10, 2);
  members.emplace_back("train/class_0/notes.txt", test::Bytes{'x'});
  test::write_archive(spec.paths[0], members);
  spec.classes = 2;
  spec.images = 8;
  const std::string made = to_string(open().contents());
  EXPECT_EQ(to_string(open().contents()), made);
  EXPECT_THAT(made, testing::AllOf(testing::HasSubstr("2 of 3 classes; 14 training, 2 hold-out, 4 validation"),
                                   testing::HasSubstr("4 beyond"), testing::HasSubstr("notes.txt")));
}

TEST_F(DatasetTest, AClassWithoutATrainingImageIsAnError) {
  auto members = test::sample_members(2, 3, 1);
  const test::Bytes copied = members[0].second;
  members.emplace_back("train/class_z/0.jpg", copied);
  test::write_archive(spec.paths[0], members);
  EXPECT_THAT(test::message_of([&] { open(); }),
              testing::AllOf(testing::HasSubstr("'class_z' has no training image left"),
                             testing::HasSubstr("1 are copies of images of other classes")));
}

TEST_F(DatasetTest, OneImageAClassLeavesNoHoldout) {
  test::write_archive(spec.paths[0], test::sample_members(3, 1, 0));
  EXPECT_THAT(test::message_of([&] { require_holdout(open()); }),
              testing::AllOf(testing::HasSubstr("no training image is held out"), testing::HasSubstr("at least 2")));
  test::write_archive(spec.paths[0], test::sample_members(3, 2, 0));
  EXPECT_NO_THROW(require_holdout(open()));
}

TEST_F(DatasetTest, CheckingTheSourceFindsWhatItsListingShows) {
  test::write_archive(spec.paths[0], test::sample_members(2, 3, 1));
  EXPECT_NO_THROW(Dataset::check_source(spec));
  spec.classes = 5;
  EXPECT_THAT(test::message_of([&] { Dataset::check_source(spec); }), testing::HasSubstr("5 classes requested"));
  EXPECT_FALSE(std::filesystem::exists(folder / "cache"));
}

}  // namespace
}  // namespace gensynth::data
