#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace gensynth {

/// Parses a whole text or file. Duplicate keys, trailing text, syntax errors and nesting deeper than 500 levels throw
/// Error with the file, and with line and column where one place is wrong. `//` and `/* */` comments are allowed,
/// because people write job files.
nlohmann::json parse_json(const std::string& text, const std::string& source);
nlohmann::json read_json_file(const std::string& path);

/// Reads one JSON object strictly. Every getter marks its key as known; `finish` throws for a key that no getter has
/// read, and suggests the nearest known one. All messages have the form "SOURCE: POINTER: problem, expected ...".
/// The JSON value must outlive the reader.
class JsonReader {
 public:
  JsonReader(const nlohmann::json& object, std::string source, std::string pointer = "");

  bool has(const std::string& key);
  const nlohmann::json& value(const std::string& key);  ///< required, any type

  std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high);
  std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high, std::int64_t fallback);
  double number(const std::string& key, double low, double high);
  double number(const std::string& key, double low, double high, double fallback);
  bool boolean(const std::string& key);
  bool boolean(const std::string& key, bool fallback);
  std::string string(const std::string& key);
  std::string string(const std::string& key, const std::string& fallback);
  /// One of the strings in `allowed`; the error suggests the nearest.
  std::string choice(const std::string& key, const std::vector<std::string>& allowed);
  std::string choice(const std::string& key, const std::vector<std::string>& allowed, const std::string& fallback);
  JsonReader object(const std::string& key);            ///< required
  const nlohmann::json& array(const std::string& key);  ///< required
  /// Checks "format" and "version" of a file.
  void format(const std::string& name, int version);

  /// Throws Error for the first key that no getter has read.
  void finish() const;

  [[noreturn]] void fail(const std::string& key, const std::string& what) const;
  const std::string& source() const { return source_; }
  const std::string& pointer() const { return pointer_; }
  std::string at(const std::string& key) const;  ///< pointer of a member, "/" for the root

 private:
  const nlohmann::json& require(const std::string& key);

  const nlohmann::json& object_;
  std::string source_;
  std::string pointer_;
  std::set<std::string> known_;
};

}  // namespace gensynth
