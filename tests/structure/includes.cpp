#include "tests/structure/includes.hpp"

#include <functional>
#include <regex>
#include <sstream>

namespace gensynth::structure {
namespace {

/// What a module may include beside itself, by top-level folder.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"architecture", {}},
      {"constraints", {"architecture"}},
      {"runtime", {"architecture"}},
      {"generator", {"architecture"}},
      {"inquisitor", {"architecture", "constraints", "runtime", "generator"}},
      {"search", {"architecture", "constraints", "runtime", "generator", "inquisitor"}},
  };
  return table;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

}  // namespace

SourceFile parse_source(const std::string& path, const std::string& text) {
  static const std::regex include(R"re(^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>))re");
  SourceFile file{path, {}, {}, 0, false};
  std::istringstream in(text);
  for (std::string line; std::getline(in, line); ++file.lines) {
    std::smatch match;
    if (std::regex_search(line, match, include)) {
      (match[1].matched ? file.own : file.foreign).push_back(match[1].matched ? match[1] : match[2]);
    }
    file.pragma_once |= line.starts_with("#pragma once");
  }
  return file;
}

std::string module_of(const std::string& path) {
  const std::string top = folder_of(path);
  if (top == "runtime" || path.starts_with("architecture/zoo/")) return path.substr(0, path.find('/', top.size() + 1));
  return top;
}

std::vector<std::string> upward_includes(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    const auto rule = allowed().find(folder_of(file.path));
    if (rule == allowed().end()) continue;  // tests and examples may use all
    for (const std::string& included : file.own) {
      const std::string to = folder_of(included);
      const bool known = allowed().contains(to) || to == "tests" || to == "experiments" || to == "examples";
      if (known && to != rule->first && !rule->second.contains(to)) {
        complaints.push_back(file.path + " includes " + included + ": " + rule->first + " may not use " + to);
      }
    }
  }
  return complaints;
}

std::vector<std::string> misplaced_torch_includes(const std::vector<SourceFile>& files) {
  static const std::regex torch(R"(^(torch|ATen|c10|caffe2)/)");
  // Tests and benchmarks may set up tensors to compare with; that does not reach what is built on them. Nor does the
  // program that counts LibTorch's own kernels.
  static const std::regex place(R"(^(runtime/(torch|train|probe)|tests|experiments/latency/libtorch-paths)/)");
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    for (const auto* list : {&file.own, &file.foreign}) {
      for (const std::string& included : *list) {
        if (!std::regex_search(included, torch)) continue;
        if (!file.path.ends_with(".cpp")) {
          complaints.push_back(file.path + " includes " + included + ": LibTorch belongs in .cpp files only");
        } else if (!std::regex_search(file.path, place)) {
          complaints.push_back(file.path + " includes " + included +
                               ": LibTorch belongs in runtime/{torch,train,probe}");
        }
      }
    }
  }
  return complaints;
}

std::map<std::string, std::set<std::string>> module_edges(const std::vector<SourceFile>& files) {
  std::map<std::string, std::set<std::string>> edges;
  for (const SourceFile& file : files) {
    if (!allowed().contains(folder_of(file.path))) continue;
    for (const std::string& included : file.own) {
      if (allowed().contains(folder_of(included)) && module_of(included) != module_of(file.path)) {
        edges[module_of(file.path)].insert(module_of(included));
      }
    }
  }
  return edges;
}

std::string find_cycle(const std::map<std::string, std::set<std::string>>& edges) {
  std::set<std::string> done;
  std::vector<std::string> way;
  std::string cycle;
  const std::function<bool(const std::string&)> visit = [&](const std::string& node) {
    for (std::size_t i = 0; i < way.size(); ++i) {
      if (way[i] != node) continue;
      for (; i < way.size(); ++i) cycle += way[i] + " -> ";
      cycle += node;
      return true;
    }
    if (done.contains(node)) return false;
    way.push_back(node);
    if (const auto found = edges.find(node); found != edges.end()) {
      for (const std::string& next : found->second) {
        if (visit(next)) return true;
      }
    }
    way.pop_back();
    done.insert(node);
    return false;
  };
  for (const auto& [node, next] : edges) {
    if (visit(node)) break;
  }
  return cycle;
}

}  // namespace gensynth::structure
