#include "search/report/html/page.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth::report::html {
namespace {

constexpr const char* kBegin = "<script id=\"report-data\" type=\"application/json\">";

std::string data_of(const std::string& page) {
  const std::size_t begin = page.find(kBegin) + std::string(kBegin).size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(Page, ContainsTheDocumentWhateverItsTextsContain) {
  const nlohmann::ordered_json document = {
      {"reason", "</script><script>alert(1)</script><!-- \xE2\x80\xA8 \xE2\x80\xA9 \xE2\x80\x93 & \" \\ ü"}};
  const std::string page = page_with_data(document);
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(nlohmann::ordered_json::parse(data_of(page)), document);
}

TEST(Page, LoadsNothing) {
  const std::string page = page_with_data(nullptr);
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string::npos);
  for (const char* attribute : {"src=\"http", "src=\"/", "href=\"http", "url(http", "@import"}) {
    EXPECT_EQ(page.find(attribute), std::string::npos) << attribute;
  }
}

TEST(Page, WritesInvalidUtf8AsReplacementCharacters) {
  EXPECT_NE(data_of(page_with_data({{"path", "run\xFF"}})).find("run\xEF\xBF\xBD"), std::string::npos);
}

TEST(ScriptSafe, EscapesOnlyWhatEndsAScript) {
  EXPECT_EQ(script_safe("{\"a\":\"x<y\"}"), "{\"a\":\"x\\u003cy\"}");
  EXPECT_EQ(script_safe("\xE2\x80\xA8|\xE2\x80\xA9|\xE2\x80\xA6|\xE2\x80"), "\\u2028|\\u2029|\xE2\x80\xA6|\xE2\x80");
}

}  // namespace
}  // namespace gensynth::report::html
