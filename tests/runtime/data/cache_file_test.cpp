#include "runtime/data/cache_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "architecture/base/random.hpp"
#include "tests/runtime/data/sample_files.hpp"

namespace gensynth::data {
namespace {

using test::Bytes;

constexpr int kPx = 8;
constexpr std::size_t kImageBytes = kPx * kPx * 3;
constexpr int kImages = 20;

struct CacheFileTest : testing::Test {
  test::TemporaryFolder folder;
  std::string path = folder / "x.images";
  int made = 0;

  static test::Bytes pixels(std::size_t image) {
    test::Bytes bytes(kImageBytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(image * 13 + i);
    return bytes;
  }

  CacheFile open_or_make(const std::string& key = "key") {
    return CacheFile::open_or_make(
        path, key,
        [&] {
          ++made;
          CacheFile::Plan plan{"description", kPx, std::vector<ImageRecord>(kImages)};
          for (int i = 0; i < kImages; ++i) plan.records[static_cast<std::size_t>(i)].label = i;
          return plan;
        },
        [&](CacheFile::Plan&, const CacheFile::Put& put) {
          for (std::size_t i = 0; i < kImages; ++i) put(i, pixels(i).data());
        });
  }

  static void expect_whole(const CacheFile& cache) {
    EXPECT_EQ(cache.px(), kPx);
    EXPECT_EQ(cache.description(), "description");
    ASSERT_EQ(cache.records().size(), static_cast<std::size_t>(kImages));
    for (std::size_t i = 0; i < kImages; ++i) {
      EXPECT_EQ(cache.records()[i].label, static_cast<int>(i));
      EXPECT_EQ(std::memcmp(cache.pixels(i), pixels(i).data(), kImageBytes), 0) << i;
    }
  }
};

TEST_F(CacheFileTest, IsMadeOnceAndThenOpened) {
  expect_whole(open_or_make());
  expect_whole(open_or_make());
  EXPECT_EQ(made, 1);
}

TEST_F(CacheFileTest, HoldsSumsOfEachChannel) {
  const CacheFile cache = open_or_make();
  const test::Bytes bytes = pixels(3);
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (std::size_t i = 1; i < bytes.size(); i += 3) {
    sum += bytes[i];
    squares += std::uint64_t{bytes[i]} * bytes[i];
  }
  EXPECT_EQ(cache.records()[3].sum[1], sum);
  EXPECT_EQ(cache.records()[3].square_sum[1], squares);
}

TEST_F(CacheFileTest, AnotherKeyInTheSameNameIsMadeAnew) {
  open_or_make("one");
  expect_whole(open_or_make("two"));
  EXPECT_EQ(made, 2);
  EXPECT_FALSE(CacheFile::open(path, "one").has_value());
}

TEST_F(CacheFileTest, AChangedByteIsDetectedAndTheFileMadeAgain) {
  open_or_make();
  const test::Bytes whole = test::read_file(path);
  constexpr std::size_t kHeader = 88;  // the padding behind it means nothing
  constexpr std::size_t kPixelsAt = 4096;
  constexpr std::size_t kPixelsEnd = kPixelsAt + kImages * kImageBytes;
  const auto tables = static_cast<int>(whole.size() - kPixelsEnd);
  Rng rng(1);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t at = repeat % 3 == 0   ? static_cast<std::size_t>(below(rng, static_cast<int>(kHeader)))
                           : repeat % 3 == 1 ? kPixelsAt + static_cast<std::size_t>(below(rng, kImages * kImageBytes))
                                             : kPixelsEnd + static_cast<std::size_t>(below(rng, tables));
    test::Bytes bytes = whole;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1 + below(rng, 255)));
    test::write_file(path, bytes);
    EXPECT_FALSE(CacheFile::open(path, "key").has_value()) << "byte " << at;
  }
  made = 0;
  expect_whole(open_or_make());
  EXPECT_EQ(made, 1);
}

TEST_F(CacheFileTest, AnyOtherLengthIsSeen) {
  open_or_make();
  const test::Bytes whole = test::read_file(path);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{50}, std::size_t{4096}, whole.size() - 1, whole.size() + 1}) {
    test::Bytes bytes = whole;
    bytes.resize(size);
    test::write_file(path, bytes);
    EXPECT_FALSE(CacheFile::open(path, "key").has_value()) << size;
  }
}

TEST_F(CacheFileTest, TheDescriptionMayBeCompletedWhileImagesAreRead) {
  const auto plan = [] { return CacheFile::Plan{"short", kPx, std::vector<ImageRecord>(1)}; };
  const auto fill = [](CacheFile::Plan& plan, const CacheFile::Put& put) {
    put(0, pixels(0).data());
    plan.description = std::string(10'000, 'x');
  };
  EXPECT_EQ(CacheFile::open_or_make(path, "key", plan, fill).description(), std::string(10'000, 'x'));
  EXPECT_EQ(CacheFile::open(path, "key")->pixels(0)[1], pixels(0)[1]);
}

TEST_F(CacheFileTest, FailureLeavesNothingBehind) {
  const auto plan = [] { return CacheFile::Plan{"", kPx, std::vector<ImageRecord>(1)}; };
  const auto fill = [](CacheFile::Plan&, const CacheFile::Put&) { throw std::runtime_error("unreadable"); };
  EXPECT_THROW(CacheFile::open_or_make(path, "key", plan, fill), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST_F(CacheFileTest, SaysWhenTheDiskHasNoRoom) {
  const auto plan = [] { return CacheFile::Plan{"", 1 << 20, std::vector<ImageRecord>(100'000)}; };  // 300 PB
  const auto fill = [](CacheFile::Plan&, const CacheFile::Put&) { FAIL() << "began to write"; };
  EXPECT_THAT(test::message_of([&] { CacheFile::open_or_make(path, "key", plan, fill); }),
              testing::AllOf(testing::HasSubstr(path), testing::HasSubstr("MB are free")));
}

TEST_F(CacheFileTest, ProcessesThatRaceMakeItOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int result = 1;
      try {
        const CacheFile cache = open_or_make();
        bool right = cache.records().size() == kImages;
        for (std::size_t k = 0; right && k < kImages; ++k) {
          right = std::memcmp(cache.pixels(k), pixels(k).data(), kImageBytes) == 0;
        }
        result = right ? made : 2;
      } catch (...) {
        result = 3;
      }
      ::_exit(result);
    }
    children.push_back(child);
  }
  int makers = 0;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_LE(WEXITSTATUS(status), 1);
    makers += WEXITSTATUS(status);
  }
  EXPECT_EQ(makers, 1);
}

TEST_F(CacheFileTest, LeftoversOfAKilledProcessDoNotMatter) {
  test::write_file(path + ".tmp", {'h', 'a', 'l', 'f'});
  test::write_file(path + ".lock", {});
  expect_whole(open_or_make());
}

}  // namespace
}  // namespace gensynth::data
