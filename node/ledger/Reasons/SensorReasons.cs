using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The verdicts on a sensor's window, in services that compare neighbours.</summary>
internal static class SensorReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AsVerdict(Reason.WindowClosed, "The window of this reading has closed, or the service compares something else since. Send readings sooner."),
        AsVerdict(Reason.CameInWindow, "The device was registered, enrolled or moved within this window. It counts from the next one on."),
        AsVerdict(Reason.CellFull, "The cell has as many sensors as a window takes, or as many better or older ones as may earn. Another place is worth more."),
        AsVerdict(Reason.NotDrawnInCell, "The cell has more sensors than are compared, and entropy drew others. Nothing is wrong with the device."),
        AsVerdict(Reason.TooFewReadings, "The device was silent in too many of the window's slots."),
        AsVerdict(Reason.SensorStuck, "The readings did not move while those of the neighbours did. Check the sensor."),
        AsVerdict(Reason.SensorCopied, "The readings repeat those of an older sensor, a fixed offset aside."),
        AsVerdict(Reason.FarFromNeighbours, "The readings are far from the neighbours' in most of the window. Check the sensor and its place."),
        AsVerdict(Reason.SensorBiased, "The readings stand off to one side of the neighbours', by more than sensors of one model differ. Calibrate the sensor."),
        AsVerdict(Reason.NotTrustedYet, "The window counted, and the device is not paid yet: windows that speak for it add up to trust, those against it take it away."),
    ];
}
