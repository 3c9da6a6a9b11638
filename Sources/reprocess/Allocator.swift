#if canImport(Glibc)
    import Glibc
#endif

/// The allocator of the C library, where it is glibc; nothing is done elsewhere.
///
/// Hours of many exchanges come and go on several threads, a day after one another: left alone, glibc keeps the holes between
/// them, a third of what a rebuild of a year held.
enum Allocator {
    /// Gives large pieces pages of their own from here on, which go back to the system with them.
    static func separateLargePieces() {
        #if canImport(Glibc)
            // A threshold that is set is not raised by what is freed. The second is what glibc would raise it to, so that the end
            // of the main thread's memory does not come and go. At 128 KB the records of most files would come and go as pages
            // of their own: 4 to 10 % of the processor time.
            _ = mallopt?(mmapThreshold, 512 << 10)
            _ = mallopt?(trimThreshold, 64 << 20)
        #endif
    }

    /// Gives the pages that are free back to the system.
    static func giveBackFreePages() {
        #if canImport(Glibc)
            _ = mallocTrim?(0)
        #endif
    }

    #if canImport(Glibc)
        // The module of glibc does not show `malloc.h`.
        private static let mallopt = dlsym(nil, "mallopt").map {
            unsafeBitCast($0, to: (@convention(c) (CInt, CInt) -> CInt).self)
        }
        private static let mallocTrim = dlsym(nil, "malloc_trim").map {
            unsafeBitCast($0, to: (@convention(c) (Int) -> CInt).self)
        }
        /// `M_MMAP_THRESHOLD`.
        private static let mmapThreshold: CInt = -3
        /// `M_TRIM_THRESHOLD`.
        private static let trimThreshold: CInt = -1
    #endif
}
