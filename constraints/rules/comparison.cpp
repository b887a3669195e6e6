#include "constraints/rules/comparison.hpp"

#include <muParser.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <mutex>
#include <set>
#include <string_view>

#include "architecture/base/error.hpp"

namespace gensynth::rules {
namespace {

enum class Relation { less, less_equal, greater, greater_equal, equal, different };

Relation opposite(Relation relation) {
  switch (relation) {
    case Relation::less:
      return Relation::greater_equal;
    case Relation::less_equal:
      return Relation::greater;
    case Relation::greater:
      return Relation::less_equal;
    case Relation::greater_equal:
      return Relation::less;
    case Relation::equal:
      return Relation::different;
    case Relation::different:
      return Relation::equal;
  }
  return relation;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

/// Something found outside all parentheses.
struct Found {
  std::size_t at = std::string_view::npos;
  std::size_t length = 0;
  explicit operator bool() const { return at != std::string_view::npos; }
};

bool word_at(std::string_view text, std::size_t at, std::string_view word) {
  return text.substr(at, word.size()) == word && (at == 0 || !is_word(text[at - 1])) &&
         (at + word.size() == text.size() || !is_word(text[at + word.size()]));
}

/// The length at which `word` or `sign` stands at `at`, else 0.
std::size_t logical_at(std::string_view text, std::size_t at, std::string_view word, std::string_view sign) {
  if (word_at(text, at, word)) return word.size();
  return text.substr(at, sign.size()) == sign ? sign.size() : 0;
}

Found find_logical(std::string_view text, std::string_view word, std::string_view sign) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth != 0) continue;
    if (const std::size_t length = logical_at(text, i, word, sign); length > 0) return {i, length};
  }
  return {};
}

std::vector<std::pair<Found, Relation>> find_relations(std::string_view text) {
  std::vector<std::pair<Found, Relation>> result;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth != 0) continue;
    const bool equals = i + 1 < text.size() && text[i + 1] == '=';
    const Found found{i, equals ? std::size_t{2} : std::size_t{1}};
    switch (text[i]) {
      case '<':
        result.emplace_back(found, equals ? Relation::less_equal : Relation::less);
        break;
      case '>':
        result.emplace_back(found, equals ? Relation::greater_equal : Relation::greater);
        break;
      case '=':
        result.emplace_back(found, Relation::equal);
        break;
      case '!':
        if (equals) result.emplace_back(found, Relation::different);
        break;
      default:
        continue;
    }
    if (equals) ++i;
  }
  return result;
}

/// `text` without one pair of parentheses around all of it, or empty when there is none.
std::string_view inside_parentheses(std::string_view text) {
  if (text.size() < 2 || text.front() != '(') return {};
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) return i + 1 == text.size() ? trimmed(text.substr(1, i - 1)) : std::string_view{};
  }
  return {};
}

/// muParser would take a lone '=' as an assignment.
void refuse_assignment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') continue;
    if (i + 1 < text.size() && text[i + 1] == '=') {
      ++i;
    } else if (i == 0 || (text[i - 1] != '<' && text[i - 1] != '>' && text[i - 1] != '!')) {
      throw Error("'=' compares nothing: write '=='");
    }
  }
}

}  // namespace

struct MetricCondition::Variables {
  std::vector<std::string> names;
  std::vector<double> values;  ///< read by the parsers, by address
  std::mutex mutex;            ///< muParser evaluates over shared values
};

struct MetricCondition::Node {
  enum class Kind { comparison, all, any } kind = Kind::comparison;
  std::vector<std::unique_ptr<Node>> parts;
  std::string text, left_text;
  Relation relation = Relation::less;
  mu::Parser left, right;

  MetricComparison judge() const;

 private:
  MetricComparison compare() const;
};

MetricComparison MetricCondition::Node::compare() const {
  MetricComparison result;
  result.text = text;
  result.left = left_text;
  const double a = left.Eval();
  const double b = right.Eval();
  result.bound = std::isfinite(b) ? b : 0;
  const double scale = result.bound == 0 ? 1.0 : std::abs(result.bound);
  if (!std::isfinite(a) || !std::isfinite(b)) {  // such as a division by zero: never satisfied
    result.satisfied = false;
    result.violation = scale;
    result.slack = -1;
    return result;
  }
  result.measured = a;
  switch (relation) {
    case Relation::less:
      result.satisfied = a < b;
      result.slack = b - a;
      break;
    case Relation::less_equal:
      result.satisfied = a <= b;
      result.slack = b - a;
      break;
    case Relation::greater:
      result.satisfied = a > b;
      result.slack = a - b;
      break;
    case Relation::greater_equal:
      result.satisfied = a >= b;
      result.slack = a - b;
      break;
    case Relation::equal:
      result.satisfied = a == b;
      result.slack = -std::abs(a - b);
      break;
    case Relation::different:
      result.satisfied = a != b;
      result.slack = a != b ? std::abs(a - b) : -scale;
      break;
  }
  constexpr double kTouching = 1e-9;  // a strict bound that is met exactly is violated, if by next to nothing
  if (!result.satisfied) result.violation = std::max(-result.slack, kTouching * scale);
  result.slack /= scale;
  return result;
}

MetricComparison MetricCondition::Node::judge() const {
  if (kind == Kind::comparison) return compare();
  MetricComparison decisive = parts.front()->judge();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    MetricComparison next = parts[i]->judge();
    const bool worse = std::pair(next.satisfied, next.slack) < std::pair(decisive.satisfied, decisive.slack);
    if (worse == (kind == Kind::all)) decisive = std::move(next);
  }
  return decisive;
}

/// Reads `or` of `and` of factors; `not` is pushed down to the comparisons.
class MetricCondition::Reader {
 public:
  Reader(Variables& variables, std::set<std::string>& used) : variables_(variables), used_(used) {}

  std::unique_ptr<Node> read(std::string_view text, bool negated) { return sequence(trimmed(text), negated, true); }
  std::size_t comparisons() const { return comparisons_; }

 private:
  std::unique_ptr<Node> sequence(std::string_view text, bool negated, bool any) {
    const char* word = any ? "or" : "and";
    auto node = std::make_unique<Node>();
    node->kind = any != negated ? Node::Kind::any : Node::Kind::all;
    std::string_view rest = text;
    while (true) {
      const Found found = find_logical(rest, word, any ? "||" : "&&");
      const std::string_view part = trimmed(rest.substr(0, found.at));
      if (part.empty()) throw Error("expected a comparison beside '" + std::string(word) + "'");
      node->parts.push_back(any ? sequence(part, negated, false) : factor(part, negated));
      if (!found) break;
      rest = trimmed(rest.substr(found.at + found.length));
    }
    if (node->parts.size() == 1) return std::move(node->parts.front());
    return node;
  }

  /// Counts what is open while it lives: parentheses and negations are read by recursion.
  class Level {
   public:
    explicit Level(int& depth) : depth_(depth) {
      if (++depth_ > kDeepest) throw Error("nested deeper than " + std::to_string(kDeepest) + " levels");
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    static constexpr int kDeepest = 100;
    int& depth_;
  };

  std::unique_ptr<Node> factor(std::string_view text, bool negated) {
    const Level level(depth_);
    if (word_at(text, 0, "not")) return factor(trimmed(text.substr(3)), !negated);
    if (text.size() > 1 && text[0] == '!' && text[1] != '=') return factor(trimmed(text.substr(1)), !negated);
    const auto relations = find_relations(text);
    if (relations.empty()) {
      if (const std::string_view inside = inside_parentheses(text); !inside.empty()) return read(inside, negated);
      throw Error("expected a comparison such as 'params < 4e6', found '" + std::string(text) + "'");
    }
    if (relations.size() > 1) {
      throw Error("one comparison at a time, found '" + std::string(text) + "': join two by 'and'");
    }
    const auto& [found, relation] = relations.front();
    auto node = std::make_unique<Node>();
    node->text = (negated ? "not " : "") + std::string(text);
    node->left_text = trimmed(text.substr(0, found.at));
    node->relation = negated ? opposite(relation) : relation;
    prepare(node->left, node->left_text);
    prepare(node->right, trimmed(text.substr(found.at + found.length)));
    ++comparisons_;
    return node;
  }

  void prepare(mu::Parser& parser, std::string_view text) {
    if (text.empty()) throw Error("expected a number or a metric on both sides of the comparison");
    try {
      for (std::size_t i = 0; i < variables_.names.size(); ++i) {
        parser.DefineVar(variables_.names[i], &variables_.values[i]);
      }
      parser.SetExpr(std::string(text));
      for (const auto& [name, address] : parser.GetUsedVar()) {
        if (std::find(variables_.names.begin(), variables_.names.end(), name) == variables_.names.end()) {
          std::string all;
          for (const std::string& known : variables_.names) all += (all.empty() ? "" : ", ") + known;
          throw Error("unknown metric '" + name + "'" + suggestion(name, variables_.names) + "; known: " + all);
        }
        used_.insert(name);
      }
      int results = 0;
      parser.Eval(results);
      if (results != 1) throw Error("expected one value, found '" + std::string(text) + "'");
    } catch (const mu::Parser::exception_type& error) {
      throw Error("'" + std::string(text) + "': " + error.GetMsg());
    }
  }

  Variables& variables_;
  std::set<std::string>& used_;
  std::size_t comparisons_ = 0;
  int depth_ = 0;
};

MetricCondition::MetricCondition(const std::string& text, const std::vector<std::string>& names)
    : variables_(std::make_unique<Variables>()) {
  variables_->names = names;
  variables_->values.assign(names.size(), 1.0);
  std::set<std::string> used;
  Reader reader(*variables_, used);
  try {
    int depth = 0;
    for (const char c : text) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) break;
    }
    if (depth != 0) throw Error("the parentheses do not match");
    refuse_assignment(text);
    root_ = reader.read(text, false);
  } catch (const Error& error) {
    throw error.with_context("in \"" + text + "\"");
  }
  used_.assign(used.begin(), used.end());
  if (used_.empty()) throw Error("in \"" + text + "\": no metric occurs in it");
  comparisons_ = reader.comparisons();
}

MetricCondition::MetricCondition(MetricCondition&&) noexcept = default;
MetricCondition::~MetricCondition() = default;

MetricComparison MetricCondition::judge(const std::function<double(const std::string&)>& value) const {
  std::vector<std::pair<std::size_t, double>> known;  // read outside the lock: `value` may be slow or throw
  for (std::size_t i = 0; i < variables_->names.size(); ++i) {
    if (std::binary_search(used_.begin(), used_.end(), variables_->names[i])) {
      known.emplace_back(i, value(variables_->names[i]));
    }
  }
  const std::lock_guard lock(variables_->mutex);
  for (const auto& [i, number] : known) variables_->values[i] = number;
  return root_->judge();
}

}  // namespace gensynth::rules
