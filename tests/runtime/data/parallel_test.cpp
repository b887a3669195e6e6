#include "runtime/data/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "architecture/base/error.hpp"

namespace gensynth::data {
namespace {

TEST(ParallelFor, CallsEveryIndexOnce) {
  for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<std::atomic<int>> calls(count);
    parallel_for(count, [&](std::size_t i) { ++calls[i]; });
    for (const std::atomic<int>& call : calls) EXPECT_EQ(call, 1);
  }
}

TEST(ParallelFor, ThrowsTheFirstFailureWhateverTheThreadsDo) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    try {
      parallel_for(500, [](std::size_t i) {
        if (i % 7 == 3) throw Error(std::to_string(i));
      });
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "3");
    }
  }
}

}  // namespace
}  // namespace gensynth::data
