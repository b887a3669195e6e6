#include "runtime/weights/safetensors.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"

namespace gensynth::weights {
namespace {

using testing::HasSubstr;

class Safetensors : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  /// A file with this header before `data` bytes of zeros.
  void write(const std::string& header, std::size_t data) const {
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    write(bytes + header + std::string(data, '\0'));
  }
  std::string bytes() const {
    std::ostringstream out;
    out << std::ifstream(path_, std::ios::binary).rdbuf();
    return out.str();
  }
  std::string message() const {
    try {
      read_safetensors(path_);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(path_));
      return error.what();
    }
    return "";
  }

  const std::string path_ = testing::TempDir() + "safetensors_test_" + std::to_string(getpid()) + ".safetensors";
  const Weights weights_{{"a.weight", {{2, 1, 2}, {1.5F, -2.0F, 3e-40F, INFINITY}}},
                         {"b.bias", {{3}, {0.1F, 0.2F, -0.0F}}},
                         {"c.scale", {{}, {7.0F}}}};
};

TEST_F(Safetensors, RoundTripsBitForBit) {
  write_safetensors(weights_, path_, {{"note", "trial 7 \"best\""}});
  const Weights read = read_safetensors(path_);
  ASSERT_EQ(read.size(), weights_.size());
  for (const auto& [name, array] : weights_) {
    EXPECT_EQ(read.at(name).shape, array.shape);
    ASSERT_EQ(read.at(name).values.size(), array.values.size());
    EXPECT_EQ(std::memcmp(read.at(name).values.data(), array.values.data(), array.values.size() * sizeof(float)), 0);
  }
  EXPECT_EQ(read_metadata(path_), (std::map<std::string, std::string>{{"note", "trial 7 \"best\""}}));
  write_safetensors({}, path_);
  EXPECT_TRUE(read_metadata(path_).empty());
  EXPECT_TRUE(read_safetensors(path_).empty());
}

TEST_F(Safetensors, WritesTheFormat) {
  write_safetensors({{"x", {{1, 2}, {1.0F, 2.0F}}}}, path_);
  const std::string header = R"({"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  const std::string file = bytes();
  EXPECT_EQ(static_cast<unsigned char>(file[0]), 56);
  EXPECT_EQ(file.size(), 8U + 56U + 8U);
  EXPECT_EQ(file.substr(8, header.size()), header);
  EXPECT_EQ(file.substr(64), std::string("\x00\x00\x80\x3f\x00\x00\x00\x40", 8));
}

TEST_F(Safetensors, RefusesToWriteWhatDoesNotFit) {
  EXPECT_THROW(write_safetensors({{"x", {{3}, {1.0F}}}}, path_), Error);
  EXPECT_THROW(write_safetensors({{"__metadata__", {{1}, {1.0F}}}}, path_), Error);
  EXPECT_THROW(write_safetensors({{"\xff", {{1}, {1.0F}}}}, path_), Error);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_THROW(write_safetensors(weights_, "/no such folder/x.safetensors"), Error);
}

TEST_F(Safetensors, NamesWhatIsWrong) {
  const auto entry = [](const std::string& shape, const std::string& offsets, const std::string& type = "F32") {
    return R"({"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
  };
  struct Case {
    std::string header;
    std::size_t data;
    const char* words;
  };
  const std::vector<Case> cases{
      {R"({"a":)" + entry("[2]", "[0,8]", "F16") + "}", 8, "/a/dtype: found F16, expected F32"},
      {R"({"a":)" + entry("[2]", "[0,12]") + "}", 12, "spans 12 bytes, expected 8"},
      {R"({"a":)" + entry("[2]", "[4,12]") + "}", 12, "begins at byte 4 of the data, expected 0"},
      {R"({"a":)" + entry("[2]", "[0,8]") + R"(,"b":)" + entry("[2]", "[4,12]") + "}", 12, "array b begins at byte 4"},
      {R"({"a":)" + entry("[2]", "[0,8]") + "}", 12, "the arrays end at byte 8 of the data, expected 12"},
      {R"({"a":)" + entry("[2]", "[0,8]") + "}", 4, "needs more than the 4 bytes"},
      {R"({"a":)" + entry("[1]", "[8,4]") + "}", 8, "expected a range inside"},
      {R"({"a":)" + entry("[1]", "[0,400]") + "}", 8, "expected a range inside"},
      {R"({"a":)" + entry("[4294967296,4294967296]", "[0,8]") + "}", 8, "needs more than"},
      {R"({"a":)" + entry("[-2]", "[0,8]") + "}", 8, "found -2"},
      {R"({"a":)" + entry("[2.5]", "[0,8]") + "}", 8, "found 2.5"},
      {R"({"a":)" + entry("[2]", "[0]") + "}", 8, "has 1 numbers, expected 2"},
      {R"({"a":)" + entry("[2]", "[0,8]") + R"(,"a":)" + entry("[2]", "[0,8]") + "}", 8, "duplicate key 'a'"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}})", 8, "more"},
      {R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", 8, "missing key 'shape'"},
      {R"({"__metadata__":{"note":5}})", 0, "no string"},
      {R"(["a"])", 0, "expected '{'"},
      {R"({"a":)", 0, "not valid JSON"},
      {R"({"a":)" + entry("[1e999]", "[0,8]") + "}", 8, "not valid JSON"},
  };
  for (const auto& [header, data, words] : cases) {
    write(header, data);
    EXPECT_THAT(message(), HasSubstr(words)) << header;
  }
}

TEST_F(Safetensors, RefusesOtherFiles) {
  EXPECT_THAT(message(), HasSubstr("cannot be opened"));
  EXPECT_THROW(read_safetensors(testing::TempDir()), Error);
  write("");
  EXPECT_THAT(message(), HasSubstr("has 0 bytes"));
  write(std::string(16, '\xff'));
  EXPECT_THAT(message(), HasSubstr("the header's length is 18446744073709551615"));
}

TEST_F(Safetensors, EveryTruncationIsAnError) {
  write_safetensors(weights_, path_, {{"note", "note"}});
  const std::string whole = bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write(whole.substr(0, size));
    EXPECT_NE(message(), "") << size;
  }
}

TEST_F(Safetensors, MutatedBytesEndInAnErrorOrWeights) {
  write_safetensors(weights_, path_, {{"note", "note"}});
  const std::string whole = bytes();
  Rng rng(6);
  int read = 0;
  int refused = 0;
  for (int i = 0; i < 800; ++i) {
    std::string mutated = whole;
    for (int k = 1 + below(rng, 3); k > 0; --k) {
      const auto at = static_cast<std::size_t>(below(rng, static_cast<int>(mutated.size())));
      switch (below(rng, 3)) {
        case 0:
          mutated[at] = static_cast<char>(below(rng, 256));
          break;
        case 1:
          mutated.erase(at, 1);
          break;
        default:
          mutated.insert(at, 1, "0123456789{}[]\",:"[below(rng, 17)]);
      }
    }
    write(mutated);
    try {
      for (const auto& [name, array] : read_safetensors(path_)) {
        std::int64_t elements = 1;
        for (const auto extent : array.shape) elements *= extent;
        EXPECT_EQ(elements, static_cast<std::int64_t>(array.values.size()));
      }
      ++read;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 10);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace gensynth::weights
