#include "architecture/zoo/blocks/step.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>

namespace gensynth::zoo {
namespace {

std::optional<ActivationKind> activation_named(const std::string& word) {
  using enum ActivationKind;
  static constexpr std::array kinds{relu, relu6, hard_swish, hard_sigmoid, sigmoid, silu, gelu, prelu, tanh};
  for (const ActivationKind kind : kinds) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

/// Where the key of a word ends: at '=', else at the first digit.
std::size_t key_length(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals != std::string::npos) return equals;
  std::size_t length = 0;
  while (length < word.size() && (std::isalpha(static_cast<unsigned char>(word[length])) || word[length] == '_')) {
    ++length;
  }
  return length;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

template <class Number>
std::optional<Number> parse(const std::string& text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

}  // namespace

Step::Step(std::string_view text, std::string source) : source_(std::move(source)) {
  std::istringstream words{std::string(text)};
  words >> kind_;
  source_ += ": step '" + kind_ + "'";
  if (kind_.empty()) throw StepError(source_ + ": empty, expected a block kind");
  for (std::string word; words >> word;) {
    if (const auto kind = activation_named(word)) {
      if (activation_) fail("has two activations, expected one");
      activation_ = kind;
      continue;
    }
    const std::size_t length = key_length(word);
    if (length == 0) fail("malformed attribute '" + word + "', expected a key before its value");
    const std::size_t skip = length < word.size() && word[length] == '=' ? 1 : 0;
    if (!values_.emplace(word.substr(0, length), word.substr(length + skip)).second) {
      fail("attribute '" + word.substr(0, length) + "' is given twice");
    }
  }
}

void Step::fail(const std::string& what) const { throw StepError(source_ + ": " + what); }

std::optional<std::string> Step::text(const std::string& key) const {
  read_.insert(key);
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

int Step::integer(const std::string& key) const {
  const auto value = text(key);
  if (!value) fail("attribute '" + key + "' is missing");
  const auto number = parse<int>(*value);
  if (!number || *number < 1) fail("attribute '" + key + "' is '" + *value + "', expected a positive integer");
  return *number;
}

int Step::integer(const std::string& key, int fallback) const { return text(key) ? integer(key) : fallback; }

double Step::number(const std::string& key, double fallback) const {
  const auto value = text(key);
  if (!value) return fallback;
  const auto number = parse<double>(*value);
  if (!number || !(*number > 0)) fail("attribute '" + key + "' is '" + *value + "', expected a positive number");
  return *number;
}

std::vector<int> Step::integers(const std::string& key, int fallback) const {
  const auto value = text(key);
  if (!value) return {fallback};
  std::vector<int> numbers;
  for (const std::string& part : split(*value, ',')) {
    const auto number = parse<int>(part);
    if (!number || *number < 1) fail("attribute '" + key + "' is '" + *value + "', expected positive integers");
    numbers.push_back(*number);
  }
  if (numbers.empty()) fail("attribute '" + key + "' is empty, expected positive integers");
  return numbers;
}

bool Step::flag(const std::string& word) const {
  const auto value = text(word);
  if (value && !value->empty()) fail("attribute '" + word + "' takes no value, found '" + *value + "'");
  return value.has_value();
}

std::optional<ActivationKind> Step::activation() const {
  read_.insert("activation");
  return activation_;
}

void Step::finish() const {
  const std::vector<std::string> known(read_.begin(), read_.end());
  for (const auto& [key, value] : values_) {
    if (!read_.contains(key)) fail("unknown attribute '" + key + "'" + suggestion(key, known));
  }
  if (activation_ && !read_.contains("activation")) fail("takes no activation");
}

std::vector<Step> parse_steps(std::string_view table, const std::string& source) {
  std::vector<Step> steps;
  for (const std::string& text : split(table, ';')) steps.emplace_back(text, source);
  if (steps.empty()) throw Error(source + ": empty layer table, expected steps separated by ';'");
  return steps;
}

int divisible(double value, int divisor) {
  const int rounded = std::max(divisor, static_cast<int>(value + divisor / 2.0) / divisor * divisor);
  return rounded < 0.9 * value ? rounded + divisor : rounded;
}

}  // namespace gensynth::zoo
