#include "search/simulation/score_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "architecture/base/error.hpp"
#include "search/simulation/unpack.hpp"

namespace gensynth::simulation {
namespace {

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    std::string_view field = line.substr(0, comma);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    fields.push_back(field);
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::size_t column_of(const std::string& name, const std::vector<std::string>& header, const std::string& source) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    std::string known;
    for (const std::string& column : header) known += (known.empty() ? "" : ", ") + column;
    throw Error(source + ": row 1: no column '" + name + "'" + suggestion(name, header) + "; it has " + known);
  }
  return static_cast<std::size_t>(found - header.begin());
}

}  // namespace

const ScoreTable::Row& ScoreTable::at(const space::Genotype& genotype) const {
  const auto found = rows.find(genotype);
  if (found == rows.end())
    throw Error(source + ": no row for " + nasbench201::NasBench201Space().arch_string(genotype));
  return found->second;
}

ScoreTable read_score_table(const std::string& path, const std::string& score, const std::string& report,
                            const nasbench201::NasBench201Space& space) {
  const std::string text = read_unpacked(path);
  ScoreTable table;
  table.source = path;
  std::vector<std::string> header;
  std::size_t cell = 0, score_at = 0, report_at = 0;
  int row = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    ++row;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const std::vector<std::string_view> fields = split(line);
    const std::string place = path + ": row " + std::to_string(row);
    if (row == 1) {
      header.assign(fields.begin(), fields.end());
      cell = column_of("arch_string", header, path);
      score_at = column_of(score, header, path);
      report_at = column_of(report, header, path);
      continue;
    }
    if (line.empty()) continue;
    if (fields.size() != header.size()) {
      throw Error(place + ": " + std::to_string(fields.size()) + " fields, expected " + std::to_string(header.size()) +
                  " as in row 1");
    }
    const auto number = [&](std::size_t column) {
      const std::string_view field = fields[column];
      double value = 0;
      const auto [rest, error] = std::from_chars(field.data(), field.data() + field.size(), value);
      if (error != std::errc() || rest != field.data() + field.size() || !std::isfinite(value)) {
        throw Error(place + ", column '" + header[column] + "': '" + std::string(field) + "', expected a number");
      }
      return value;
    };
    space::Genotype genotype;
    try {
      genotype = space.from_arch_string(std::string(fields[cell]));
    } catch (const Error& error) {
      throw Error(place + ", column 'arch_string': " + error.what());
    }
    const ScoreTable::Row values{number(score_at), number(report_at)};
    if (values.score < 0) {
      throw Error(place + ", column '" + score + "': " + std::string(fields[score_at]) +
                  ", expected a score of 0 or more, higher is better");
    }
    if (!table.rows.emplace(std::move(genotype), values).second) {
      throw Error(place + ", column 'arch_string': '" + std::string(fields[cell]) +
                  "' is repeated from an earlier row");
    }
    table.optimum = std::max(table.optimum, values.score);
  }
  if (table.rows.empty()) throw Error(path + ": no rows, expected a header and a row for each architecture");
  return table;
}

}  // namespace gensynth::simulation
