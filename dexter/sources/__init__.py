"""The world coming in: exchanges, archives, prices and news, dated and typed."""
