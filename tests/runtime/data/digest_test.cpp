#include "runtime/data/digest.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "architecture/base/random.hpp"

namespace gensynth::data {
namespace {

TEST(Digest, DiffersForEveryChangedByteAndLength) {
  Rng rng(1);
  for (int size = 0; size < 40; ++size) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(below(rng, 256));
    std::set<Digest> seen{digest(bytes.data(), bytes.size())};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ (1 << bit));
        EXPECT_TRUE(seen.insert(digest(bytes.data(), bytes.size())).second) << size << " bytes, byte " << i;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ (1 << bit));
      }
    }
    bytes.push_back(0);
    EXPECT_TRUE(seen.insert(digest(bytes.data(), bytes.size())).second) << "a zero more than " << size;
  }
}

TEST(Digest, SpreadsOverBothHalves) {
  std::set<std::uint64_t> a;
  std::set<std::uint64_t> b;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const Digest one = digest(&i, sizeof i);
    a.insert(one.a);
    b.insert(one.b);
  }
  EXPECT_EQ(a.size(), 10'000U);
  EXPECT_EQ(b.size(), 10'000U);
}

TEST(Digest, IsTheSameInEveryRunAndPrintsAs32Digits) {
  // Golden: caches written by one build are read by the next.
  EXPECT_EQ(to_string(digest("gensynth", 8)), "6680bb40ee011daa86cba80627c723a3");
  EXPECT_EQ(to_string(Digest{0x1, 0xabcdef}), "00000000000000010000000000abcdef");
}

}  // namespace
}  // namespace gensynth::data
