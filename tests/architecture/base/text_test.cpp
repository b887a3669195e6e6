#include "architecture/base/text.hpp"

#include <gtest/gtest.h>

namespace gensynth {
namespace {

TEST(Text, CountsAreShort) {
  EXPECT_EQ(count_text(950), "950");
  EXPECT_EQ(count_text(9'999), "9999");
  EXPECT_EQ(count_text(12'345), "12.3 k");
  EXPECT_EQ(count_text(5.48e6), "5.48 M");
  EXPECT_EQ(count_text(217e6), "217 M");
  EXPECT_EQ(count_text(4.1e9), "4.10 G");
  EXPECT_EQ(count_text(-5.48e6), "-5.48 M");
}

TEST(Text, ForeignTextIsCutBetweenCharacters) {
  EXPECT_EQ(shortened("short", 20), "short");
  EXPECT_EQ(shortened("12345678901", 10), "1234567...");
  EXPECT_EQ(shortened("123456\xc3\xa4\xc3\xa4\xc3\xa4", 10), "123456...");
  EXPECT_EQ(shortened("a\nb\x7f\xff\xc3", 20), "a?b???");
  EXPECT_EQ(shortened(std::string(300'000, 'x'), 60).size(), 60u);
  EXPECT_EQ(shortened("abc", 2), "...");
}

TEST(Text, KnowsUtf16WithAndWithoutItsMark) {
  for (const std::string& text : {std::string("\xff\xfe{\0", 4), std::string("\xfe\xff\0{", 4),
                                  std::string("{\0\"\0", 4), std::string("\0{\0\"", 4)}) {
    EXPECT_TRUE(looks_like_utf16(text));
  }
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{}"), std::string("\0\0", 2), std::string("\xef\xbb\xbf{}")}) {
    EXPECT_FALSE(looks_like_utf16(text));
  }
}

TEST(Text, KnowsUtf8) {
  for (const char* good : {"", "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace gensynth
