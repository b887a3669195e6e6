#include "runtime/latency/calibration/measurements.hpp"

#include <gmock/gmock.h>

#include "architecture/base/error.hpp"

namespace gensynth::latency::calibration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kHeader = "board,clock_ghz,threads,runtime,precision,input,network,latency_ms,notes\n";
const std::string kRow = "Pi,1.5,4,ncnn,fp32,224x224x3,mobilenet-v1-1,72.08,\"a, \"\"b\"\"\"\n";

std::string message_of(const std::string& text) {
  try {
    parse_measurements(text, "m.csv");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Measurements, ReadsRowsWithQuotes) {
  const auto rows = parse_measurements(kHeader + kRow + "Pi,1.5,4,ncnn,fp32,128,mobilenet-v2-1,9.5,\r\n", "m.csv");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row, 2);
  EXPECT_EQ(rows[0].px, 224);
  EXPECT_EQ(rows[0].group, "mobilenet-v1-1");
  EXPECT_DOUBLE_EQ(rows[0].ms, 72.08);
  EXPECT_EQ(rows[1].architecture().shape(0).height, 128);
}

TEST(Measurements, TakesTheFamilyFromTheNetworkOrTheColumn) {
  const std::string head = "network,runtime,precision,threads,clock_ghz,latency_ms,family\n";
  const auto rows =
      parse_measurements(head + "zoo:mobilenet-v1-1,ncnn,fp32,1,1.5,90,\n" +
                             "kernel:blur3-c24-px56,ncnn,fp32,1,1.5,1,\n" + "ncnn-vgg16,ncnn,fp32,1,1.5,900,my own\n",
                         "m.csv");
  EXPECT_EQ(rows.at(0).family, "mobilenet-v1");
  EXPECT_EQ(rows.at(1).family, "kernel:blur3");
  EXPECT_EQ(rows.at(2).family, "my own");
  EXPECT_EQ(rows.at(0).px, 224);  // not given: the network's own resolution
  EXPECT_EQ(rows.at(1).px, 56);
}

TEST(Measurements, ReadsWhatSpreadsheetsWrite) {
  const auto rows = parse_measurements("\xEF\xBB\xBF" + kHeader + kRow, "m.csv");
  EXPECT_EQ(rows.at(0).board, "Pi");
  EXPECT_THAT(message_of("\xEF\xBB\xBF"), HasSubstr("empty"));
  EXPECT_THAT(message_of("network;latency_ms\n"), AllOf(HasSubstr("'network;latency_ms'"), HasSubstr("commas")));
}

TEST(Measurements, RefusesNumbersOfAnotherUnit) {
  EXPECT_THAT(message_of(kHeader + "Pi,1500,4,ncnn,fp32,224,mobilenet-v1-1,72,\n"),
              AllOf(HasSubstr("row 2, column clock_ghz: '1500'"), HasSubstr("from 0.01 to 100")));
  EXPECT_THAT(message_of("clock_mhz,threads,runtime,precision,network,latency_s\n1.5,1,ncnn,fp32,mobilenet-v1-1,1\n"),
              HasSubstr("column clock_mhz: '1.5', expected a number from 10 to 100000"));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn,fp32,224,mobilenet-v1-1,1e300,\n"), HasSubstr("from 1e-06 to 1e+09"));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,1e10,ncnn,fp32,224,mobilenet-v1-1,72,\n"), HasSubstr("up to 1024"));
  for (const char* bad : {"nan", "1e999", "0", "1,5", "0x10", " 1"}) {
    EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn,fp32,224,mobilenet-v1-1,\"" + bad + "\",\n"),
                HasSubstr("expected a positive number"))
        << bad;
  }
}

TEST(Measurements, ConvertsUnits) {
  const auto rows = parse_measurements(
      "clock_mhz,threads,runtime,precision,network,latency_us\n1500,1,ncnn,fp32,mobilenet-v1-1,72000\n", "m.csv");
  EXPECT_DOUBLE_EQ(rows[0].ms, 72);
  EXPECT_DOUBLE_EQ(rows[0].clock_ghz, 1.5);
}

TEST(Measurements, NamesRowAndColumnOfAMistake) {
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn,fp32,224,mobilenet-v1-11,72.08,\n"),
              AllOf(HasSubstr("m.csv"), HasSubstr("row 2"), HasSubstr("network"), HasSubstr("mobilenet-v1-11")));
  EXPECT_THAT(message_of(kHeader + kRow + "Pi,1.5,4,ncnn,fp32,224,mobilenet-v1-1,-2,\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("latency_ms"), HasSubstr("-2"), HasSubstr("positive")));
  EXPECT_THAT(message_of(kHeader + "Pi,,4,ncnn,fp32,224,mobilenet-v1-1,2,\n"),
              AllOf(HasSubstr("row 2"), HasSubstr("clock_ghz")));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,1.5,ncnn,fp32,224,mobilenet-v1-1,2,\n"), HasSubstr("whole number"));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,1e10,ncnn,fp32,224,mobilenet-v1-1,2,\n"), HasSubstr("whole number up to"));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn,fp32,224x192,mobilenet-v1-1,2,\n"), HasSubstr("input"));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn,fp32,100,mobilevit-xs,2,\n"),
              AllOf(HasSubstr("row 2, column input: '100'"), HasSubstr("an extent that mobilevit-xs takes")));
  EXPECT_THAT(message_of(kHeader + "Pi,1.5,4,ncnn\n"), AllOf(HasSubstr("row 2"), HasSubstr("4 fields")));
  EXPECT_THAT(message_of(kHeader + "\"Pi,1.5"), HasSubstr("quote"));
  EXPECT_THAT(message_of(kHeader), HasSubstr("no measurements"));
}

TEST(Measurements, WantsUnitsInColumnNames) {
  EXPECT_THAT(message_of("clock_ghz,threads,runtime,precision,network,latency\n"),
              AllOf(HasSubstr("latency"), HasSubstr("unit"), HasSubstr("latency_ms")));
  EXPECT_THAT(message_of("clock_ghz,clock_mhz,threads,runtime,precision,network,latency_ms\n"),
              HasSubstr("found clock_ghz and clock_mhz, expected one column clock_ghz or clock_mhz"));
  EXPECT_THAT(message_of("clock,threads,runtime,precision,network,latency_ms\n"), HasSubstr("clock_ghz"));
  EXPECT_THAT(message_of("clock_ghz,threads,runtime,precision,network\n"), HasSubstr("latency_ms"));
  EXPECT_THAT(message_of("clock_ghz,thread,runtime,precision,network,latency_ms\n"), HasSubstr("'threads'"));
}

TEST(Measurements, RefusesTwoClocksInOneSeries) {
  EXPECT_THAT(message_of(kHeader + kRow + "Pi,1.8,4,ncnn,fp32,224,mobilenet-v2-1,60,\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("clock_ghz"), HasSubstr("1.8"), HasSubstr("row 2")));
  EXPECT_EQ(message_of(kHeader + kRow + "Other,1.8,4,ncnn,fp32,224,mobilenet-v2-1,60,\n"), "");
  // Rows without a board and a version count as one source.
  const std::string bare =
      "clock_ghz,threads,runtime,precision,network,latency_ms\n1.5,1,ncnn,fp32,mobilenet-v1-1,100\n";
  for (const char* other : {"1.8,4,ncnn,fp32,fbnet-c,60\n", "1.8,1,ncnn,int8,fbnet-c,60\n"}) {
    EXPECT_THAT(message_of(bare + other), AllOf(HasSubstr("row 3"), HasSubstr("1.8"), HasSubstr("row 2"))) << other;
  }
}

}  // namespace
}  // namespace gensynth::latency::calibration
