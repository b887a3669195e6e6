#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "architecture/base/json_reader.hpp"

namespace gensynth::companion {

/// The array `key` of a message as strings. Throws Error naming the place for anything else.
inline std::vector<std::string> strings_from_json(JsonReader& reader, const char* key) {
  std::vector<std::string> result;
  for (const nlohmann::json& item : reader.array(key)) {
    if (!item.is_string()) reader.fail(key, "expected strings, found " + item.dump());
    result.push_back(item.get<std::string>());
  }
  return result;
}

/// The same for numbers: T is float or double.
template <class T>
std::vector<T> numbers_from_json(JsonReader& reader, const char* key) {
  std::vector<T> result;
  for (const nlohmann::json& item : reader.array(key)) {
    if (!item.is_number()) reader.fail(key, "expected numbers, found " + item.dump());
    result.push_back(item.get<T>());
  }
  return result;
}

}  // namespace gensynth::companion
