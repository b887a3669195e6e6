#include "runtime/latency/calibration/measurements.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/base/text.hpp"
#include "architecture/serialize.hpp"
#include "runtime/latency/devices/device.hpp"
#include "runtime/timing/kernel_suite.hpp"

namespace gensynth::latency::calibration {
namespace {

const std::vector<std::string> kColumns{
    "network",         "runtime",    "precision", "threads",          "clock_ghz", "clock_mhz",
    "latency_ms",      "latency_us", "latency_s", "family",           "group",     "board",
    "runtime_version", "input",      "source",    "url_or_repo_path", "notes"};

/// One record of a CSV file (RFC 4180: quotes protect commas, quotes are doubled). Advances `at` past it.
std::vector<std::string> next_record(const std::string& text, std::size_t& at, int& line, const std::string& source) {
  std::vector<std::string> fields(1);
  const int first_line = line;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) throw Error(source + ": row " + std::to_string(first_line) + ": a quote is not closed");
  return fields;
}

class Table {
 public:
  Table(const std::vector<std::string>& header, std::string source) : source_(std::move(source)) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string& name = header[i];
      if (name == "latency" || name == "clock") {
        throw Error(source_ + ": row 1: column '" + name + "' has no unit, expected " +
                    (name == "latency" ? "latency_ms, latency_us or latency_s" : "clock_ghz or clock_mhz"));
      }
      if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end()) {
        throw Error(source_ + ": row 1: unknown column '" + name + "'" + suggestion(name, kColumns) +
                    ", expected columns, with commas between, out of " + joined(kColumns));
      }
      if (!columns_.emplace(name, i).second) throw Error(source_ + ": row 1: column '" + name + "' appears twice");
    }
    for (const char* name : {"network", "runtime", "precision", "threads"}) {
      if (!columns_.count(name)) throw Error(source_ + ": row 1: no column '" + name + "'");
    }
    latency_ = one_of({{"latency_ms", 1}, {"latency_us", 1e-3}, {"latency_s", 1e3}});
    clock_ = one_of({{"clock_ghz", 1}, {"clock_mhz", 1e-3}});
  }

  Measurement read(const std::vector<std::string>& record, int row) const {
    if (record.size() != columns_.size()) {
      throw Error(source_ + ": row " + std::to_string(row) + ": " + std::to_string(record.size()) +
                  " fields, expected " + std::to_string(columns_.size()));
    }
    Measurement m;
    m.file = source_;
    m.row = row;
    m.network = required(record, row, "network");
    m.runtime = required(record, row, "runtime");
    const std::string precision = required(record, row, "precision");
    const std::optional<Precision> known = find_precision(precision);
    if (!known) fail(row, "precision", precision, joined(precision_names()));
    m.precision = *known;
    const double threads = positive(record, row, "threads", 0, 1e12);
    if (threads != std::trunc(threads) || threads > latency::model::kMostCores) {
      fail(row, "threads", required(record, row, "threads"),
           "a whole number up to " + std::to_string(latency::model::kMostCores));
    }
    m.threads = static_cast<int>(threads);
    m.clock_ghz = positive(record, row, clock_.first, 0.01 / clock_.second, 100 / clock_.second) * clock_.second;
    m.ms = positive(record, row, latency_.first, 1e-6 / latency_.second, 1e9 / latency_.second) * latency_.second;
    m.group = optional(record, "group").value_or(m.network);
    m.board = optional(record, "board").value_or("");
    m.runtime_version = optional(record, "runtime_version").value_or("");
    m.source = optional(record, "source").value_or("");
    try {
      m.px = m.architecture().shape(0).height;
    } catch (const Error& error) {
      fail(row, "network", m.network, std::string("a reference network or an architecture file: ") + error.what());
    }
    if (const auto input = optional(record, "input")) {
      m.px = extent(*input, row);
      try {
        m.architecture();
      } catch (const Error& error) {
        fail(row, "input", *input, "an extent that " + m.network + " takes: " + error.what());
      }
    }
    m.family = optional(record, "family").value_or(m.from_file() ? "files" : timing::named_family(m.zoo_name()));
    return m;
  }

  [[noreturn]] void fail(int row, const std::string& column, const std::string& value,
                         const std::string& expected) const {
    throw Error(source_ + ": row " + std::to_string(row) + ", column " + column + ": '" + value + "', expected " +
                expected);
  }
  const std::string& clock_column() const { return clock_.first; }

 private:
  using Unit = std::pair<std::string, double>;

  Unit one_of(const std::vector<Unit>& names) const {
    std::vector<Unit> found;
    std::string all, both;
    for (const Unit& name : names) {
      if (columns_.count(name.first)) {
        found.push_back(name);
        both += (both.empty() ? "" : " and ") + name.first;
      }
      all += (all.empty() ? "" : " or ") + name.first;
    }
    if (found.size() != 1) {
      throw Error(source_ + ": row 1: found " + (found.empty() ? "none" : both) + ", expected one column " + all);
    }
    return found.front();
  }

  std::optional<std::string> optional(const std::vector<std::string>& record, const std::string& column) const {
    const auto at = columns_.find(column);
    if (at == columns_.end() || record[at->second].empty()) return std::nullopt;
    return record[at->second];
  }

  std::string required(const std::vector<std::string>& record, int row, const std::string& column) const {
    const auto value = optional(record, column);
    if (!value) fail(row, column, "", "a value");
    return *value;
  }

  /// A number below `low` or above `high` is in another unit, or is no measurement.
  double positive(const std::vector<std::string>& record, int row, const std::string& column, double low,
                  double high) const {
    const std::string text = required(record, row, column);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value > 0)) {
      fail(row, column, text, "a positive number");
    }
    if (value < low || value > high) {
      std::ostringstream expected;
      expected << "a number from " << low << " to " << high;
      fail(row, column, text, expected.str());
    }
    return value;
  }

  int extent(const std::string& text, int row) const {
    int px = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), px);
    const std::string rest(end, text.data() + text.size());
    const std::string square = "x" + std::to_string(px);
    if (error != std::errc() || px < 1 || (!rest.empty() && rest != square && rest != square + "x3")) {
      fail(row, "input", text, "a square extent such as 224 or 224x224x3");
    }
    return px;
  }

  std::string source_;
  std::map<std::string, std::size_t> columns_;
  Unit latency_;
  Unit clock_;
};

}  // namespace

bool Measurement::from_file() const { return network.size() > 5 && network.ends_with(".json"); }

std::string Measurement::zoo_name() const { return network.starts_with("zoo:") ? network.substr(4) : network; }

Architecture Measurement::architecture() const {
  const Architecture found = from_file() ? read_architecture(network) : timing::named_network(zoo_name());
  return px == 0 || px == found.shape(0).height ? found : found.at_resolution(px);
}

std::vector<Measurement> parse_measurements(const std::string& text, const std::string& source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // spreadsheets write it at the beginning of files
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  int line = 1;
  if (at == text.size()) throw Error(source + ": empty, expected a header and measurements");
  const Table table(next_record(text, at, line, source), source);
  std::vector<Measurement> measurements;
  using Series = std::tuple<std::string, std::string, std::string, Precision, int>;
  std::map<Series, const Measurement*> series;
  while (at < text.size()) {
    const int row = line;
    const std::vector<std::string> record = next_record(text, at, line, source);
    if (record.size() == 1 && record.front().empty()) continue;
    measurements.push_back(table.read(record, row));
  }
  for (const Measurement& m : measurements) {
    const bool named = !m.board.empty() || !m.runtime_version.empty();
    const auto key = named ? std::make_tuple(m.board, m.runtime, m.runtime_version, m.precision, m.threads) : Series{};
    const auto [first, added] = series.emplace(key, &m);
    if (!added && first->second->clock_ghz != m.clock_ghz) {
      std::ostringstream clock, expected;
      clock << m.clock_ghz;
      expected << first->second->clock_ghz << " GHz as in row " << first->second->row
               << " (one clock in a series; name the board or the version if they differ)";
      table.fail(m.row, table.clock_column(), clock.str(), expected.str());
    }
  }
  if (measurements.empty()) throw Error(source + ": no measurements");
  return measurements;
}

std::vector<Measurement> read_measurements(const std::string& path) {
  const std::string text = read_file(path);
  if (looks_like_utf16(text)) throw Error(path + ": " + kExpectUtf8);
  return parse_measurements(text, path);
}

}  // namespace gensynth::latency::calibration
