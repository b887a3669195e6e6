#include "runtime/train/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "architecture/base/error.hpp"

namespace gensynth::train {
namespace {

std::string scratch(const std::string& name) {
  const std::string folder = testing::TempDir() + "gensynth_checkpoint_test/";
  std::filesystem::create_directories(folder);
  return folder + name;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.description = {{"steps", 12}, {"loss", 0.1 + 0.2}, {"seed", std::numeric_limits<std::uint64_t>::max()}};
  checkpoint.arrays["b.weight"] = {{2, 3}, {1, -2, 3.5F, 1e-30F, -0.0F, 6}};
  checkpoint.arrays["a"] = {{}, {7}};
  checkpoint.arrays["none"] = {{0, 4}, {}};
  return checkpoint;
}

TEST(CheckpointTest, RoundTripIsExact) {
  const Checkpoint wanted = example();
  const std::string path = scratch("round_trip");
  write_checkpoint(wanted, path);
  const Checkpoint found = read_checkpoint(path);
  EXPECT_EQ(found.description, wanted.description);
  ASSERT_EQ(found.arrays.size(), wanted.arrays.size());
  for (const auto& [name, array] : wanted.arrays) {
    EXPECT_EQ(found.arrays.at(name).shape, array.shape);
    ASSERT_EQ(found.arrays.at(name).values.size(), array.values.size());
    EXPECT_TRUE(array.values.empty() || std::memcmp(found.arrays.at(name).values.data(), array.values.data(),
                                                    array.values.size() * sizeof(float)) == 0);
  }
}

TEST(CheckpointTest, EveryDamagedByteAndEveryLengthIsNoticed) {
  const std::string path = scratch("damaged");
  write_checkpoint(example(), path);
  const std::string whole = read(path);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    write(path, damaged);
    EXPECT_THROW(read_checkpoint(path), Error) << "byte " << i;
    write(path, whole.substr(0, i));
    EXPECT_THROW(read_checkpoint(path), Error) << "length " << i;
  }
  write(path, whole + "x");
  EXPECT_THROW(read_checkpoint(path), Error);
}

TEST(CheckpointTest, MessagesNameTheFile) {
  try {
    read_checkpoint("/nowhere/state");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/nowhere/state"));
  }
}

}  // namespace
}  // namespace gensynth::train
