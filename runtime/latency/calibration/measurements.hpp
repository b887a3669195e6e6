#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/precision.hpp"

namespace gensynth::latency::calibration {

/// One measured latency: a row of a CSV file.
struct Measurement {
  std::string file;
  int row = 0;         ///< line of the file, from 1
  std::string source;  ///< who measured it; "" where the file does not name it
  std::string board;
  std::string runtime;
  std::string runtime_version;
  Precision precision = Precision::float32;
  std::string network;  ///< a reference network's name (with or without "zoo:"), or an architecture file
  std::string family;   ///< of the network: by default that of the zoo, and "files" for architecture files
  std::string group;    ///< rows that cross-validation holds out together; by default the network
  int threads = 1;
  double clock_ghz = 0;
  int px = 0;  ///< of the input; 0: the network's own (a file's rows are read with the extent filled in)
  double ms = 0;

  bool from_file() const;
  std::string zoo_name() const;  ///< of a reference network
  Architecture architecture() const;
};

/// Reads measurements. Columns, in any order: network, runtime, precision, threads, clock_ghz (or clock_mhz),
/// latency_ms (or latency_us, latency_s); optional: family, group, board, runtime_version, input ("224" or
/// "224x224x3"), source, url_or_repo_path, notes. Throws Error naming file, row, column, value and what was expected:
/// an unknown column (with the nearest), a quantity without its unit, a field that is empty or not a positive number,
/// an unknown network, an input that the network does not take, and rows of one series at different clocks: those of
/// one board, runtime, version, precision and number of threads, and all that name neither board nor version.
std::vector<Measurement> read_measurements(const std::string& path);
std::vector<Measurement> parse_measurements(const std::string& text, const std::string& source);

}  // namespace gensynth::latency::calibration
