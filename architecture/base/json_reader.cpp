#include "architecture/base/json_reader.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/base/text.hpp"
#include "architecture/base/whole_number.hpp"

namespace gensynth {
namespace {

using nlohmann::json;

constexpr int kDeepest = 500;

/// Builds the document and rejects two things that the library accepts: duplicate keys (the library silently keeps the
/// last), and nesting so deep that the library's recursion would overflow the stack later.
class Guard {
 public:
  explicit Guard(const std::string& source) : source_(source) {}

  using Event = json::parse_event_t;
  bool operator()(int depth, Event event, json& parsed) {
    if (depth >= kDeepest && (event == Event::object_start || event == Event::array_start)) {
      throw Error(source_ + ": nested deeper than " + std::to_string(kDeepest) + " levels");
    }
    switch (event) {
      case Event::object_start:
        keys_.emplace_back();
        break;
      case Event::object_end:
        keys_.pop_back();
        break;
      case Event::key: {
        const std::string name = parsed.get<std::string>();
        if (!keys_.back().insert(name).second) throw Error(source_ + ": duplicate key '" + name + "' in one object");
        break;
      }
      default:
        break;
    }
    return true;
  }

 private:
  const std::string& source_;
  std::vector<std::set<std::string>> keys_;
};

/// A value for a message. Arrays and objects are not printed: they may be nested deeper than the stack.
std::string abbreviated(const json& value) {
  if (value.is_object()) return "an object of " + std::to_string(value.size()) + " members";
  if (value.is_array()) return "an array of " + std::to_string(value.size()) + " items";
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

template <typename T>
std::string range_text(T low, T high) {
  std::ostringstream out;
  const bool no_low = low == std::numeric_limits<T>::lowest();
  const bool no_high = high == std::numeric_limits<T>::max();
  if (no_low && no_high) return "";
  if (no_high) {
    out << " of at least " << low;
  } else if (no_low) {
    out << " of at most " << high;
  } else {
    out << " from " << low << " to " << high;
  }
  return out.str();
}

}  // namespace

json parse_json(const std::string& text, const std::string& source) {
  if (looks_like_utf16(text)) throw Error(source + ": " + kExpectUtf8);
  try {
    return json::parse(text, Guard(source), true, true);
  } catch (const json::parse_error& error) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < error.byte && i < text.size(); ++i) {
      column = text[i] == '\n' ? 1 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    std::string what = error.what();
    if (const auto colon = what.find("column "); colon != std::string::npos) {
      if (const auto rest = what.find(": ", colon); rest != std::string::npos) what = what.substr(rest + 2);
    }
    throw Error(source + ":" + std::to_string(line) + ":" + std::to_string(column) + ": not valid JSON: " + what);
  } catch (const json::out_of_range& error) {  // a number beyond double; the library does not say where
    const std::string what = error.what();
    const auto text_of = what.find("] ");
    throw Error(source + ": not valid JSON: " + (text_of == std::string::npos ? what : what.substr(text_of + 2)));
  }
}

json read_json_file(const std::string& path) { return parse_json(read_file(path), path); }

JsonReader::JsonReader(const json& object, std::string source, std::string pointer)
    : object_(object), source_(std::move(source)), pointer_(std::move(pointer)) {
  if (!object_.is_object()) {
    throw Error(source_ + ": " + at("") + ": expected an object, found " + abbreviated(object_));
  }
}

std::string JsonReader::at(const std::string& key) const {
  if (key.empty()) return pointer_.empty() ? "/" : pointer_;
  return pointer_ + "/" + key;
}

void JsonReader::fail(const std::string& key, const std::string& what) const {
  throw Error(source_ + ": " + at(key) + ": " + what);
}

bool JsonReader::has(const std::string& key) {
  known_.insert(key);
  return object_.contains(key);
}

const json& JsonReader::require(const std::string& key) {
  known_.insert(key);
  const auto found = object_.find(key);
  if (found == object_.end()) {
    std::vector<std::string> present;
    for (const auto& item : object_.items()) present.push_back(item.key());
    const std::string near = nearest(key, present);
    throw Error(source_ + ": " + at("") + ": missing key '" + key + "'" +
                (near.empty() ? "" : " (is '" + near + "' a misspelling of it?)"));
  }
  return *found;
}

const json& JsonReader::value(const std::string& key) { return require(key); }

std::int64_t JsonReader::integer(const std::string& key, std::int64_t low, std::int64_t high) {
  const json& item = require(key);
  const std::optional<std::int64_t> result = whole_number(item, low, high);
  if (!result) fail(key, "expected a whole number" + range_text(low, high) + ", found " + abbreviated(item));
  return *result;
}

std::int64_t JsonReader::integer(const std::string& key, std::int64_t low, std::int64_t high, std::int64_t fallback) {
  return has(key) ? integer(key, low, high) : fallback;
}

double JsonReader::number(const std::string& key, double low, double high) {
  const json& item = require(key);
  const double result = item.is_number() ? item.get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(result >= low && result <= high)) {
    fail(key, "expected a number" + range_text(low, high) + ", found " + abbreviated(item));
  }
  return result;
}

double JsonReader::number(const std::string& key, double low, double high, double fallback) {
  return has(key) ? number(key, low, high) : fallback;
}

bool JsonReader::boolean(const std::string& key) {
  const json& item = require(key);
  if (!item.is_boolean()) fail(key, "expected true or false, found " + abbreviated(item));
  return item.get<bool>();
}

bool JsonReader::boolean(const std::string& key, bool fallback) { return has(key) ? boolean(key) : fallback; }

std::string JsonReader::string(const std::string& key) {
  const json& item = require(key);
  if (!item.is_string()) fail(key, "expected a string, found " + abbreviated(item));
  return item.get<std::string>();
}

std::string JsonReader::string(const std::string& key, const std::string& fallback) {
  return has(key) ? string(key) : fallback;
}

std::string JsonReader::choice(const std::string& key, const std::vector<std::string>& allowed) {
  const std::string word = string(key);
  for (const std::string& candidate : allowed) {
    if (candidate == word) return word;
  }
  fail(key, "unknown value '" + word + "'" + suggestion(word, allowed) + "; expected one of: " + joined(allowed));
}

std::string JsonReader::choice(const std::string& key, const std::vector<std::string>& allowed,
                               const std::string& fallback) {
  return has(key) ? choice(key, allowed) : fallback;
}

JsonReader JsonReader::object(const std::string& key) { return {require(key), source_, at(key)}; }

const json& JsonReader::array(const std::string& key) {
  const json& item = require(key);
  if (!item.is_array()) fail(key, "expected an array, found " + abbreviated(item));
  return item;
}

void JsonReader::format(const std::string& name, int version) {
  if (const std::string found = string("format"); found != name) {
    fail("format", "this is a '" + found + "' file, expected '" + name + "'");
  }
  if (const std::int64_t found = integer("version", 0, 1'000'000); found != version) {
    fail("version",
         "version " + std::to_string(found) + " is not known to this program, expected " + std::to_string(version));
  }
}

void JsonReader::finish() const {
  for (const auto& item : object_.items()) {
    if (known_.count(item.key()) == 0) {
      const std::vector<std::string> known(known_.begin(), known_.end());
      throw Error(source_ + ": " + at(item.key()) + ": unknown key '" + item.key() + "'" +
                  suggestion(item.key(), known) + "; known keys: " + joined(known));
    }
  }
}

}  // namespace gensynth
